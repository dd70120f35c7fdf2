//! STS.

use crate::account::Account;
use crate::call::{Call, ROLE_KEY};
use crate::errors::error;
use crate::http::Reply;

pub(super) fn answer(account: &Account, call: &Call) -> Option<Reply> {
    let result = match call.operation.as_str() {
        "GetCallerIdentity" => format!(
            "<Arn>arn:aws:sts::{id}:assumed-role/CspmScan/cspm</Arn><UserId>AROALAB:cspm</UserId>\
             <Account>{id}</Account>",
            id = account.id
        ),
        "AssumeRole" => {
            let role = call.parameter("RoleArn")?;
            let Some(id) = role.split(':').nth(4).filter(|id| id.len() == 12) else {
                return Some(error(call, 400, "ValidationError", "the role is not an ARN"));
            };
            format!(
                "<Credentials><AccessKeyId>{ROLE_KEY}{id}</AccessKeyId>\
                 <SecretAccessKey>laboratory</SecretAccessKey><SessionToken>laboratory\
                 </SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
                 <AssumedRoleUser><AssumedRoleId>AROALAB:cspm</AssumedRoleId>\
                 <Arn>arn:aws:sts::{id}:assumed-role/CspmScan/cspm</Arn></AssumedRoleUser>"
            )
        }
        _ => return None,
    };
    let operation = &call.operation;
    Some(Reply::ok(format!(
        "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
         <{operation}Result>{result}</{operation}Result><ResponseMetadata><RequestId>r</RequestId>\
         </ResponseMetadata></{operation}Response>"
    )))
}
