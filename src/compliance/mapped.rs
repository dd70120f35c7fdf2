//! One line for people about the controls of a finding.

use crate::compliance::NamedControls;

/// The frameworks of which one is named, most wanted first, with the name that
/// people know. ISO 27001:2013 leads: its ids are those that the product's
/// founding documents use.
pub(super) const PREFERENCE: [(&str, &str); 19] = [
    ("iso27001-2013", "ISO 27001"),
    ("iso27001-2022", "ISO 27001:2022"),
    ("cis-aws-7.0", "CIS AWS 7.0"),
    ("cis-aws-6.0", "CIS AWS 6.0"),
    ("cis-aws-5.0", "CIS AWS 5.0"),
    ("cis-aws-4.0.1", "CIS AWS 4.0.1"),
    ("cis-aws-3.0", "CIS AWS 3.0"),
    ("cis-aws-2.0", "CIS AWS 2.0"),
    ("cis-aws-1.5", "CIS AWS 1.5"),
    ("cis-aws-1.4", "CIS AWS 1.4"),
    ("cis-eks-1.8", "CIS EKS 1.8"),
    ("aws-fsbp", "AWS FSBP"),
    ("pci-dss-4.0.1", "PCI DSS 4.0.1"),
    ("soc2", "SOC 2"),
    ("nist-csf-2.0", "NIST CSF 2.0"),
    ("nist-csf-1.1", "NIST CSF 1.1"),
    ("nist-800-53-r5", "NIST 800-53"),
    ("gdpr", "GDPR"),
    ("hipaa", "HIPAA"),
];

/// The ids of ISO 27001:2013 that the founding documents use, in the order in
/// which they are preferred where a rule names several: MFA and passwords,
/// administrators, public access, encryption, protected logs, event logs.
const FOUNDING: [&str; 6] = ["A.9.4.3", "A.9.2.2", "A.9.1.2", "A.10.1.1", "A.12.4.2", "A.12.4.1"];

/// The control that a finding of a rule is shown under, like
/// `ISO 27001 A.9.4.3`: of the most wanted framework that the rule names, an id
/// that the founding documents use, else the first that the rule names. None if
/// the rule names no control of a framework that we know.
pub fn mapped_control(named: &NamedControls) -> Option<String> {
    let (label, ids) = PREFERENCE
        .iter()
        .filter_map(|(framework, label)| Some((label, named.get(*framework)?)))
        .find(|(_, ids)| !ids.is_empty())?;
    let founding = FOUNDING.iter().find_map(|wanted| ids.iter().find(|id| id == wanted));
    let id = founding.or(ids.first())?;
    Some(format!("{label} {id}"))
}

#[cfg(test)]
mod tests {
    use super::mapped_control;
    use crate::compliance::NamedControls;

    fn named(controls: &[(&str, &[&str])]) -> NamedControls {
        controls
            .iter()
            .map(|(framework, ids)| {
                ((*framework).to_owned(), ids.iter().map(|id| (*id).to_owned()).collect())
            })
            .collect()
    }

    #[test]
    fn one_line_for_people() {
        for (controls, line) in [
            (named(&[("iso27001-2013", &["A.9.4.2", "A.9.4.3"])]), Some("ISO 27001 A.9.4.3")),
            (
                named(&[("iso27001-2013", &["A.12.2.1", "A.12.4.1", "A.12.4.2"])]),
                Some("ISO 27001 A.12.4.2"),
            ),
            (named(&[("iso27001-2013", &["A.12.6.1", "A.14.2.5"])]), Some("ISO 27001 A.12.6.1")),
            (
                named(&[("aws-fsbp", &["EC2.8"]), ("cis-aws-7.0", &["6.7"])]),
                Some("CIS AWS 7.0 6.7"),
            ),
            (
                named(&[("iso27001-2013", &[]), ("iso27001-2022", &["A.8.5"])]),
                Some("ISO 27001:2022 A.8.5"),
            ),
            (named(&[("hipaa", &["164.312(d)"])]), Some("HIPAA 164.312(d)")),
            (named(&[("our-own", &["1"])]), None),
            (named(&[]), None),
        ] {
            assert_eq!(mapped_control(&controls).as_deref(), line, "{controls:?}");
        }
    }
}
