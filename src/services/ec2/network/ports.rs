//! The ports that benchmarks name.

/// Remote server administration: SSH and RDP. CIS AWS Foundations 3.0 and
/// later, networking section, counts TCP, UDP and all protocols; so does AWS
/// Config by default
/// (<https://docs.aws.amazon.com/config/latest/developerguide/vpc-sg-port-restriction-check.html>).
pub(super) const ADMIN: &[u16] = &[22, 3389];

/// CIFS, that is SMB over TCP. CIS AWS Foundations 5.0 and later, 5.1.2 or
/// 6.1.2.
pub(super) const CIFS: &[u16] = &[445];

/// What may be open to everybody: TCP only. The defaults of Security Hub EC2.18
/// (<https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-18>).
pub(super) const AUTHORISED_TCP: &[u16] = &[80, 443];

/// What is of high risk: FTP, SSH, telnet, SMTP, POP3, RPC, IMAP, CIFS, SQL
/// Server, development servers, MySQL, RDP, ahsp, PostgreSQL, fcp-addr-srvr1,
/// OpenSearch, and web servers that are meant for the inside. The list of
/// Security Hub EC2.19
/// (<https://docs.aws.amazon.com/securityhub/latest/userguide/ec2-controls.html#ec2-19>).
pub(super) const HIGH_RISK: &[u16] = &[
    20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500,
    5601, 8080, 8088, 8888, 9200, 9300,
];
