//! The SDK's clients: one for each service and region while somebody reads
//! there, and none before and after. To add a service: one line.

use super::endpoint::WithoutAccountPrefix;
use super::regions::home_region;
use super::reply::Whole;
use super::session::Session;
use aws_config::Region;
use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

/// The clients that are in use, by their type and region.
#[derive(Default)]
pub(super) struct Clients(Mutex<BTreeMap<(TypeId, String), Box<dyn Any + Send>>>);

impl Clients {
    /// The client in use, or a new one.
    fn shared<C: Send + Sync + 'static>(&self, region: &str, make: impl FnOnce() -> C) -> Arc<C> {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (TypeId::of::<C>(), region.to_owned());
        let in_use = clients.get(&key).and_then(|client| client.downcast_ref::<Weak<C>>());
        if let Some(client) = in_use.and_then(Weak::upgrade) {
            return client;
        }
        let client = Arc::new(make());
        clients.insert(key, Box::new(Arc::downgrade(&client)));
        client
    }
}

/// Each line makes the method of a service that is asked region by region.
macro_rules! regional {
    ($($method:ident: $sdk:ident, $service:literal;)+) => {
        impl Session {
            $(
                #[doc = concat!("The client of ", $service, " in a region.")]
                pub fn $method(&self, region: &str) -> Arc<$sdk::Client> {
                    self.clients().shared(region, || {
                        let config = $sdk::config::Builder::from(self.config())
                            .region(Region::new(region.to_owned()))
                            .interceptor(Whole);
                        $sdk::Client::from_conf(config.build())
                    })
                }
            )+
        }
    };
}

regional! {
    accessanalyzer: aws_sdk_accessanalyzer, "IAM Access Analyzer";
    apigateway: aws_sdk_apigateway, "API Gateway (REST APIs)";
    apigatewayv2: aws_sdk_apigatewayv2, "API Gateway (HTTP and WebSocket APIs)";
    application_autoscaling: aws_sdk_applicationautoscaling, "Application Auto Scaling";
    backup: aws_sdk_backup, "AWS Backup";
    cloudtrail: aws_sdk_cloudtrail, "CloudTrail";
    cloudwatch: aws_sdk_cloudwatch, "CloudWatch";
    cloudwatch_logs: aws_sdk_cloudwatchlogs, "CloudWatch Logs";
    config_service: aws_sdk_config, "AWS Config";
    dax: aws_sdk_dax, "DynamoDB Accelerator";
    dynamodb: aws_sdk_dynamodb, "DynamoDB";
    ec2: aws_sdk_ec2, "EC2";
    ecr: aws_sdk_ecr, "Elastic Container Registry";
    efs: aws_sdk_efs, "Elastic File System";
    eks: aws_sdk_eks, "Elastic Kubernetes Service";
    elb: aws_sdk_elasticloadbalancing, "Elastic Load Balancing (Classic Load Balancers)";
    elbv2: aws_sdk_elasticloadbalancingv2, "Elastic Load Balancing";
    eventbridge: aws_sdk_eventbridge, "EventBridge";
    glacier: aws_sdk_glacier, "S3 Glacier";
    guardduty: aws_sdk_guardduty, "GuardDuty";
    inspector: aws_sdk_inspector2, "Inspector";
    kms: aws_sdk_kms, "Key Management Service";
    lambda: aws_sdk_lambda, "Lambda";
    macie: aws_sdk_macie2, "Macie";
    rds: aws_sdk_rds, "Relational Database Service";
    secretsmanager: aws_sdk_secretsmanager, "Secrets Manager";
    securityhub: aws_sdk_securityhub, "Security Hub";
    sns: aws_sdk_sns, "Simple Notification Service";
    sqs: aws_sdk_sqs, "Simple Queue Service";
    ssm: aws_sdk_ssm, "Systems Manager";
    wafv2: aws_sdk_wafv2, "WAF";
}

impl Session {
    /// The client of AWS Account Management, which one region of each partition
    /// answers for (<https://docs.aws.amazon.com/general/latest/gr/aws_account.html>).
    pub fn account_management(&self) -> Arc<aws_sdk_account::Client> {
        let region = match self.partition() {
            "aws-cn" => "cn-northwest-1",
            partition => home_region(partition),
        };
        self.clients().shared(region, || {
            let config = aws_sdk_account::config::Builder::from(self.config())
                .region(Region::new(region))
                .interceptor(Whole);
            aws_sdk_account::Client::from_conf(config.build())
        })
    }

    /// The client of CloudFront, which has one endpoint per partition.
    pub fn cloudfront(&self) -> Arc<aws_sdk_cloudfront::Client> {
        self.clients().shared("", || {
            let config =
                aws_sdk_cloudfront::config::Builder::from(self.config()).interceptor(Whole);
            aws_sdk_cloudfront::Client::from_conf(config.build())
        })
    }

    /// The client of IAM, which has one endpoint per partition.
    pub fn iam(&self) -> Arc<aws_sdk_iam::Client> {
        self.clients().shared("", || {
            let config = aws_sdk_iam::config::Builder::from(self.config()).interceptor(Whole);
            aws_sdk_iam::Client::from_conf(config.build())
        })
    }

    /// The client of Organizations, which has one endpoint per partition.
    pub fn organizations(&self) -> Arc<aws_sdk_organizations::Client> {
        self.clients().shared("", || {
            let config =
                aws_sdk_organizations::config::Builder::from(self.config()).interceptor(Whole);
            aws_sdk_organizations::Client::from_conf(config.build())
        })
    }

    /// The client of S3 in a region.
    pub fn s3(&self, region: &str) -> Arc<aws_sdk_s3::Client> {
        self.clients().shared(region, || {
            let config = aws_sdk_s3::config::Builder::from(self.config())
                .region(Region::new(region.to_owned()))
                .force_path_style(self.path_style())
                .interceptor(Whole);
            aws_sdk_s3::Client::from_conf(config.build())
        })
    }

    /// The client of S3 Control in a region.
    pub fn s3control(&self, region: &str) -> Arc<aws_sdk_s3control::Client> {
        self.clients().shared(region, || {
            let config = aws_sdk_s3control::config::Builder::from(self.config())
                .region(Region::new(region.to_owned()))
                .interceptor(WithoutAccountPrefix)
                .interceptor(Whole);
            aws_sdk_s3control::Client::from_conf(config.build())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_lives_as_long_as_it_is_used() {
        let clients = Clients::default();
        let first = clients.shared("eu-west-1", || 1_u8);
        assert!(Arc::ptr_eq(&first, &clients.shared("eu-west-1", || 2_u8)));
        assert_eq!(*clients.shared("eu-west-2", || 3_u8), 3);
        assert_eq!(*clients.shared("eu-west-1", || 4_u16), 4, "another service");
        drop(first);
        assert_eq!(*clients.shared("eu-west-1", || 5_u8), 5);
    }
}
