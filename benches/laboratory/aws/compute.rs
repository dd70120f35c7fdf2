//! EC2: what runs.

use super::CREATED;
use super::ec2::{Text, page, tags};
use crate::account::Account;
use crate::call::Call;

const USER_DATA: &str = "IyEvYmluL2Jhc2gKZXhwb3J0IERCX1BBU1NXT1JEPWh1bnRlcjJodW50ZXIyCg==";

pub(super) fn answer(account: &Account, call: &Call) -> Text {
    let shape = &account.shape;
    Some(match call.operation.as_str() {
        "DescribeInstances" => {
            page(account, call, "reservationSet", shape.instances, |n| instance(account, call, n))
        }
        "DescribeInstanceAttribute" => Ok(user_data(call)),
        "DescribeVolumes" => {
            page(account, call, "volumeSet", shape.volumes, |n| volume(account, call, n))
        }
        "DescribeSnapshots" => {
            let public = call.list("RestorableBy.").any(|by| by == "all");
            // The public ones alone are a list of their own: every fourth.
            let (total, every) = match public {
                true => (shape.snapshots / 4, 4),
                false => (shape.snapshots, 1),
            };
            page(account, call, "snapshotSet", total, |n| snapshot(account, n, every))
        }
        "DescribeSnapshotAttribute" => Ok(permissions(call)),
        "DescribeImages" => images(account, call),
        "DescribeImageAttribute" => Ok(format!(
            "<imageId>{}</imageId><launchPermission><item><userId>999988887777</userId></item>\
             </launchPermission>",
            call.parameter("ImageId").unwrap_or_default()
        )),
        "DescribeLaunchTemplates" => {
            page(account, call, "launchTemplates", shape.templates, |n| template(account, n))
        }
        "DescribeLaunchTemplateVersions" if call.parameter("LaunchTemplateId").is_some() => {
            let number = call.parameter("LaunchTemplateId").and_then(Account::number_of);
            let versions = number.map(|number| version(account, number)).unwrap_or_default();
            Ok(format!("<launchTemplateVersionSet>{versions}</launchTemplateVersionSet>"))
        }
        "DescribeLaunchTemplateVersions" => {
            page(account, call, "launchTemplateVersionSet", shape.templates, |n| {
                version(account, n)
            })
        }
        "DescribeSpotFleetRequests" => {
            page(account, call, "spotFleetRequestConfigSet", shape.rare, |n| spot_fleet(account, n))
        }
        "GetEbsEncryptionByDefault" => {
            Ok("<ebsEncryptionByDefault>true</ebsEncryptionByDefault><sseType>sse-ebs</sseType>"
                .to_owned())
        }
        "GetEbsDefaultKmsKeyId" => Ok("<kmsKeyId>alias/aws/ebs</kmsKeyId>".to_owned()),
        "GetSnapshotBlockPublicAccessState" => {
            Ok("<state>unblocked</state><managedBy>account</managedBy>".to_owned())
        }
        "GetImageBlockPublicAccessState" => {
            Ok("<imageBlockPublicAccessState>unblocked</imageBlockPublicAccessState>\
             <managedBy>account</managedBy>"
                .to_owned())
        }
        "GetInstanceMetadataDefaults" => Ok("<accountLevel><httpTokens>required</httpTokens>\
             <managedBy>account</managedBy></accountLevel>"
            .to_owned()),
        "GetSerialConsoleAccessStatus" => {
            Ok("<serialConsoleAccessEnabled>false</serialConsoleAccessEnabled>".to_owned())
        }
        _ => return None,
    })
}

fn instance(account: &Account, call: &Call, number: usize) -> String {
    let id = account.id_of("i", number);
    let vpc = account.id_of("vpc", account.place(&call.region).unwrap_or(0));
    let subnet = account.id_of("subnet", account.place(&call.region).unwrap_or(0));
    let group = account.id_of("sg", number % account.shape.security_groups.max(1));
    let address = format!("10.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255);
    let public = format!("54.{}.{}.{}", number >> 16 & 255, number >> 8 & 255, number & 255);
    let association = format!(
        "<association><publicIp>{public}</publicIp><publicDnsName/><ipOwnerId>amazon</ipOwnerId>\
         </association>"
    );
    let (at, on) = match number % 3 {
        1 => (format!("<ipAddress>{public}</ipAddress>"), association),
        _ => (String::new(), String::new()),
    };
    let tokens = if number.is_multiple_of(2) { "required" } else { "optional" };
    let monitoring = if number.is_multiple_of(4) { "enabled" } else { "disabled" };
    let profile = match number % 5 {
        0 => format!(
            "<iamInstanceProfile><arn>arn:aws:iam::{}:instance-profile/p0-ip</arn>\
             <id>AIPALAB</id></iamInstanceProfile>",
            account.id
        ),
        _ => String::new(),
    };
    format!(
        "<item><reservationId>{reservation}</reservationId><ownerId>{owner}</ownerId><groupSet/>\
         <instancesSet><item><instanceId>{id}</instanceId><imageId>ami-0123456789abcdef0</imageId>\
         <instanceState><code>16</code><name>running</name></instanceState><privateDnsName/>\
         <dnsName/><reason/><amiLaunchIndex>0</amiLaunchIndex><productCodes/>\
         <instanceType>t3.micro</instanceType><launchTime>{CREATED}</launchTime>\
         <placement><availabilityZone>{region}a</availabilityZone><tenancy>default</tenancy>\
         </placement><monitoring><state>{monitoring}</state></monitoring>\
         <subnetId>{subnet}</subnetId><vpcId>{vpc}</vpcId>\
         <privateIpAddress>{address}</privateIpAddress>{at}\
         <sourceDestCheck>true</sourceDestCheck><groupSet><item><groupId>{group}</groupId>\
         <groupName>p0-sg</groupName></item></groupSet><architecture>x86_64</architecture>\
         <rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/xvda</rootDeviceName>\
         <blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs>\
         <volumeId>{volume}</volumeId><status>attached</status><attachTime>{CREATED}</attachTime>\
         <deleteOnTermination>true</deleteOnTermination></ebs></item></blockDeviceMapping>\
         <virtualizationType>hvm</virtualizationType><hypervisor>xen</hypervisor>{tags}\
         <networkInterfaceSet><item><networkInterfaceId>{interface}</networkInterfaceId>\
         <subnetId>{subnet}</subnetId><vpcId>{vpc}</vpcId><description/><ownerId>{owner}</ownerId>\
         <status>in-use</status><macAddress>02:00:00:00:00:01</macAddress>\
         <privateIpAddress>{address}</privateIpAddress><sourceDestCheck>true</sourceDestCheck>\
         <groupSet><item><groupId>{group}</groupId><groupName>p0-sg</groupName></item></groupSet>\
         <attachment><attachmentId>eni-attach-1</attachmentId><deviceIndex>0</deviceIndex>\
         <status>attached</status><attachTime>{CREATED}</attachTime>\
         <deleteOnTermination>true</deleteOnTermination></attachment>{on}\
         <privateIpAddressesSet><item><privateIpAddress>{address}</privateIpAddress>\
         <primary>true</primary>{on}</item></privateIpAddressesSet><ipv6AddressesSet/>\
         <interfaceType>interface</interfaceType></item></networkInterfaceSet>{profile}\
         <ebsOptimized>false</ebsOptimized><metadataOptions><state>applied</state>\
         <httpTokens>{tokens}</httpTokens><httpPutResponseHopLimit>1</httpPutResponseHopLimit>\
         <httpEndpoint>enabled</httpEndpoint><httpProtocolIpv6>disabled</httpProtocolIpv6>\
         <instanceMetadataTags>disabled</instanceMetadataTags></metadataOptions>\
         <enclaveOptions><enabled>false</enabled></enclaveOptions></item></instancesSet></item>",
        reservation = account.id_of("r", number),
        owner = account.id,
        region = call.region,
        volume = account.id_of("vol", number),
        interface = account.id_of("eni", number),
        tags = tags(&format!("p0-i{number:05}")),
    )
}

fn user_data(call: &Call) -> String {
    let id = call.parameter("InstanceId").unwrap_or_default();
    let data = match Account::number_of(id).unwrap_or(0) % 10 {
        3 => format!("<userData><value>{USER_DATA}</value></userData>"),
        _ => "<userData/>".to_owned(),
    };
    format!("<instanceId>{id}</instanceId>{data}")
}

fn volume(account: &Account, call: &Call, number: usize) -> String {
    let id = account.id_of("vol", number);
    // As many as there are instances are theirs; the rest is loose.
    let attached = match number < account.shape.instances {
        true => format!(
            "<status>in-use</status><attachmentSet><item><volumeId>{id}</volumeId>\
             <instanceId>{instance}</instanceId><device>/dev/xvda</device>\
             <status>attached</status><attachTime>{CREATED}</attachTime>\
             <deleteOnTermination>true</deleteOnTermination></item></attachmentSet>",
            instance = account.id_of("i", number)
        ),
        false => "<status>available</status><attachmentSet/>".to_owned(),
    };
    format!(
        "<item><volumeId>{id}</volumeId><size>8</size><snapshotId/>\
         <availabilityZone>{region}a</availabilityZone>{attached}<createTime>{CREATED}</createTime>\
         <volumeType>gp3</volumeType><iops>3000</iops><encrypted>{encrypted}</encrypted>\
         <multiAttachEnabled>false</multiAttachEnabled><throughput>125</throughput></item>",
        region = call.region,
        encrypted = number.is_multiple_of(2)
    )
}

/// `every` is 4 for the list of public ones.
fn snapshot(account: &Account, number: usize, every: usize) -> String {
    let regions = account.regions();
    let number = number % regions + number / regions * every * regions;
    format!(
        "<item><snapshotId>{id}</snapshotId><volumeId>{volume}</volumeId>\
         <status>completed</status><startTime>{CREATED}</startTime><progress>100%</progress>\
         <ownerId>{owner}</ownerId><volumeSize>8</volumeSize><description/>\
         <encrypted>{encrypted}</encrypted><storageTier>standard</storageTier></item>",
        id = account.id_of("snap", number),
        volume = account.id_of("vol", number),
        owner = account.id,
        encrypted = number / regions % 2 == 1
    )
}

fn permissions(call: &Call) -> String {
    let id = call.parameter("SnapshotId").unwrap_or_default();
    format!(
        "<snapshotId>{id}</snapshotId><createVolumePermission><item><group>all</group></item>\
         </createVolumePermission>"
    )
}

fn images(account: &Account, call: &Call) -> Result<String, crate::paging::BadToken> {
    let image = |id: &str, owner: &str| {
        format!(
            "<item><imageId>{id}</imageId><imageLocation>x</imageLocation>\
             <imageState>available</imageState><imageOwnerId>{owner}</imageOwnerId>\
             <creationDate>{CREATED}</creationDate><isPublic>false</isPublic>\
             <architecture>x86_64</architecture><imageType>machine</imageType>\
             <imageOwnerAlias>self</imageOwnerAlias><name>p0-img</name>\
             <rootDeviceType>ebs</rootDeviceType><rootDeviceName>/dev/xvda</rootDeviceName>\
             <blockDeviceMapping/><virtualizationType>hvm</virtualizationType>\
             <hypervisor>xen</hypervisor></item>"
        )
    };
    let asked: Vec<&str> = call
        .list("ImageId.")
        .chain(call.list("Filter.1.Value.").filter(|value| value.starts_with("ami-")))
        .collect();
    if asked.is_empty() {
        return page(account, call, "imagesSet", account.shape.images, |number| {
            image(&account.id_of("ami", number), &account.id)
        });
    }
    Ok(super::list("imagesSet", asked, |id| image(id, "137112412989")))
}

fn template(account: &Account, number: usize) -> String {
    format!(
        "<item><launchTemplateId>{id}</launchTemplateId>\
         <launchTemplateName>p0-lt{number:05}</launchTemplateName><createTime>{CREATED}</createTime>\
         <createdBy>arn:aws:iam::{account}:user/p0-user00000</createdBy>\
         <defaultVersionNumber>1</defaultVersionNumber><latestVersionNumber>1</latestVersionNumber>\
         </item>",
        id = account.id_of("lt", number),
        account = account.id
    )
}

fn version(account: &Account, number: usize) -> String {
    format!(
        "<item><launchTemplateId>{id}</launchTemplateId>\
         <launchTemplateName>p0-lt{number:05}</launchTemplateName><versionNumber>1</versionNumber>\
         <createTime>{CREATED}</createTime><createdBy>arn:aws:iam::{account}:user/p0-user00000\
         </createdBy><defaultVersion>true</defaultVersion><launchTemplateData>\
         <imageId>ami-0123456789abcdef0</imageId><instanceType>t3.micro</instanceType>\
         </launchTemplateData></item>",
        id = account.id_of("lt", number),
        account = account.id
    )
}

fn spot_fleet(account: &Account, number: usize) -> String {
    format!(
        "<item><createTime>{CREATED}</createTime><spotFleetRequestId>sfr-{number:08}-0000-0000-0000-\
         000000000000</spotFleetRequestId><spotFleetRequestState>active</spotFleetRequestState>\
         <activityStatus>fulfilled</activityStatus><spotFleetRequestConfig>\
         <iamFleetRole>arn:aws:iam::{}:role/p0-role00000</iamFleetRole>\
         <targetCapacity>1</targetCapacity><type>maintain</type><launchSpecifications><item>\
         <imageId>ami-0123456789abcdef0</imageId><instanceType>t3.micro</instanceType>\
         <blockDeviceMapping><item><deviceName>/dev/xvda</deviceName><ebs><volumeSize>8</volumeSize>\
         <encrypted>false</encrypted></ebs></item></blockDeviceMapping></item>\
         </launchSpecifications></spotFleetRequestConfig><tagSet/></item>",
        account.id
    )
}
