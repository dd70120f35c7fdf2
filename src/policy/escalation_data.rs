//! The published ways to escalate privileges in AWS, as data.

/// One way.
#[derive(Debug)]
pub(super) struct Method {
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    pub(super) who: Who,
    pub(super) steps: &'static [Step],
    pub(super) reference: &'static str,
}

/// From which principal the way starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Any,
    User,
    Role,
    /// One that has a permissions boundary.
    Bounded,
}

/// One action that has to be allowed.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) action: &'static str,
    pub(super) on: On,
    /// The service that `iam:PassedToService` then names.
    pub(super) passed_to: Option<&'static str>,
    /// Another policy allows it; it must only not be denied.
    pub(super) only_not_denied: bool,
}

/// On which resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    SelfUser,
    SelfRole,
    OtherUser,
    OtherRole,
    Role,
    OwnGroup,
    Group,
    OwnPolicy,
    Policy,
    Any,
}

const fn step(action: &'static str, on: On) -> Step {
    Step { action, on, passed_to: None, only_not_denied: false }
}

const fn not_denied(action: &'static str, on: On) -> Step {
    Step { action, on, passed_to: None, only_not_denied: true }
}

const fn pass(service: &'static str) -> Step {
    Step { action: "iam:PassRole", on: On::Role, passed_to: Some(service), only_not_denied: false }
}

const RHINO: &str =
    "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/";
const BISHOP: &str = "https://bishopfox.com/blog/privilege-escalation-in-aws";
const PATHFINDING: &str = "https://pathfinding.cloud/paths/";
const HACKTRICKS: &str = "https://cloud.hacktricks.wiki/en/pentesting-cloud/aws-security/aws-privilege-escalation/index.html";

/// All ways, those through IAM itself first.
pub(super) const METHODS: &[Method] = &[
    Method {
        name: "CreatePolicyVersion",
        summary: "Writes a new default version of a policy it has",
        who: Who::Any,
        steps: &[step("iam:CreatePolicyVersion", On::OwnPolicy)],
        reference: RHINO,
    },
    Method {
        name: "SetDefaultPolicyVersion",
        summary: "Makes another version of a policy it has the default",
        who: Who::Any,
        steps: &[step("iam:SetDefaultPolicyVersion", On::OwnPolicy)],
        reference: RHINO,
    },
    Method {
        name: "CreateAccessKey",
        summary: "Creates access keys for another user",
        who: Who::Any,
        steps: &[step("iam:CreateAccessKey", On::OtherUser)],
        reference: RHINO,
    },
    Method {
        name: "CreateLoginProfile",
        summary: "Gives another user a console password",
        who: Who::Any,
        steps: &[step("iam:CreateLoginProfile", On::OtherUser)],
        reference: RHINO,
    },
    Method {
        name: "UpdateLoginProfile",
        summary: "Changes another user's console password",
        who: Who::Any,
        steps: &[step("iam:UpdateLoginProfile", On::OtherUser)],
        reference: RHINO,
    },
    Method {
        name: "AttachUserPolicy",
        summary: "Attaches any policy to itself",
        who: Who::User,
        steps: &[step("iam:AttachUserPolicy", On::SelfUser)],
        reference: RHINO,
    },
    Method {
        name: "AttachGroupPolicy",
        summary: "Attaches any policy to a group it is in",
        who: Who::User,
        steps: &[step("iam:AttachGroupPolicy", On::OwnGroup)],
        reference: RHINO,
    },
    Method {
        name: "AttachRolePolicy",
        summary: "Attaches any policy to itself",
        who: Who::Role,
        steps: &[step("iam:AttachRolePolicy", On::SelfRole)],
        reference: RHINO,
    },
    Method {
        name: "AttachRolePolicy+AssumeRole",
        summary: "Attaches any policy to another role and assumes it",
        who: Who::Any,
        steps: &[
            step("iam:AttachRolePolicy", On::OtherRole),
            step("sts:AssumeRole", On::OtherRole),
        ],
        reference: RHINO,
    },
    Method {
        name: "PutUserPolicy",
        summary: "Writes an inline policy for itself",
        who: Who::User,
        steps: &[step("iam:PutUserPolicy", On::SelfUser)],
        reference: RHINO,
    },
    Method {
        name: "PutGroupPolicy",
        summary: "Writes an inline policy for a group it is in",
        who: Who::User,
        steps: &[step("iam:PutGroupPolicy", On::OwnGroup)],
        reference: RHINO,
    },
    Method {
        name: "PutRolePolicy",
        summary: "Writes an inline policy for itself",
        who: Who::Role,
        steps: &[step("iam:PutRolePolicy", On::SelfRole)],
        reference: RHINO,
    },
    Method {
        name: "PutRolePolicy+AssumeRole",
        summary: "Writes an inline policy for another role and assumes it",
        who: Who::Any,
        steps: &[step("iam:PutRolePolicy", On::OtherRole), step("sts:AssumeRole", On::OtherRole)],
        reference: RHINO,
    },
    Method {
        name: "CreatePolicyVersion+AssumeRole",
        summary: "Writes a new default version of a policy that a role has and assumes the role",
        who: Who::Any,
        steps: &[
            step("iam:CreatePolicyVersion", On::Policy),
            step("sts:AssumeRole", On::OtherRole),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "AddUserToGroup",
        summary: "Joins a group with more permissions",
        who: Who::User,
        steps: &[step("iam:AddUserToGroup", On::Group)],
        reference: RHINO,
    },
    Method {
        name: "UpdateAssumeRolePolicy",
        summary: "Lets itself assume any role by rewriting its trust policy",
        who: Who::Any,
        steps: &[
            step("iam:UpdateAssumeRolePolicy", On::Role),
            not_denied("sts:AssumeRole", On::Role),
        ],
        reference: RHINO,
    },
    Method {
        name: "DeleteUserPermissionsBoundary",
        summary: "Removes its own permissions boundary",
        who: Who::Bounded,
        steps: &[step("iam:DeleteUserPermissionsBoundary", On::SelfUser)],
        reference: PATHFINDING,
    },
    Method {
        name: "DeleteRolePermissionsBoundary",
        summary: "Removes its own permissions boundary",
        who: Who::Bounded,
        steps: &[step("iam:DeleteRolePermissionsBoundary", On::SelfRole)],
        reference: PATHFINDING,
    },
    Method {
        name: "PutUserPermissionsBoundary",
        summary: "Exchanges its own permissions boundary",
        who: Who::Bounded,
        steps: &[step("iam:PutUserPermissionsBoundary", On::SelfUser)],
        reference: PATHFINDING,
    },
    Method {
        name: "PutRolePermissionsBoundary",
        summary: "Exchanges its own permissions boundary",
        who: Who::Bounded,
        steps: &[step("iam:PutRolePermissionsBoundary", On::SelfRole)],
        reference: PATHFINDING,
    },
    Method {
        name: "PutInlinePolicyToPermissionSet",
        summary: "Writes a policy into a permission set that it signs in with",
        who: Who::Any,
        steps: &[step("sso:PutInlinePolicyToPermissionSet", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "AttachManagedPolicyToPermissionSet",
        summary: "Attaches any policy to a permission set that it signs in with",
        who: Who::Any,
        steps: &[step("sso:AttachManagedPolicyToPermissionSet", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "UpdateSAMLProvider",
        summary: "Signs in as any role that trusts a SAML provider whose metadata it rewrites",
        who: Who::Any,
        steps: &[step("iam:UpdateSAMLProvider", On::Any)],
        reference: HACKTRICKS,
    },
    Method {
        name: "PassRole+RunInstances",
        summary: "Starts an instance with a role and reads its credentials",
        who: Who::Any,
        steps: &[pass("ec2.amazonaws.com"), step("ec2:RunInstances", On::Any)],
        reference: RHINO,
    },
    Method {
        name: "PassRole+AssociateIamInstanceProfile",
        summary: "Gives an instance that it controls another role",
        who: Who::Any,
        steps: &[pass("ec2.amazonaws.com"), step("ec2:AssociateIamInstanceProfile", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+ReplaceIamInstanceProfileAssociation",
        summary: "Exchanges the role of an instance that it controls",
        who: Who::Any,
        steps: &[
            pass("ec2.amazonaws.com"),
            step("ec2:ReplaceIamInstanceProfileAssociation", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+RequestSpotInstances",
        summary: "Starts a spot instance with a role",
        who: Who::Any,
        steps: &[pass("ec2.amazonaws.com"), step("ec2:RequestSpotInstances", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreateAutoScalingGroup",
        summary: "Starts instances with a role through a launch configuration",
        who: Who::Any,
        steps: &[
            pass("ec2.amazonaws.com"),
            step("autoscaling:CreateLaunchConfiguration", On::Any),
            step("autoscaling:CreateAutoScalingGroup", On::Any),
        ],
        reference: HACKTRICKS,
    },
    Method {
        name: "PassRole+UpdateAutoScalingGroup",
        summary: "Starts instances with a role in a group that it changes",
        who: Who::Any,
        steps: &[
            pass("ec2.amazonaws.com"),
            step("autoscaling:CreateLaunchConfiguration", On::Any),
            step("autoscaling:UpdateAutoScalingGroup", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreateFunction+InvokeFunction",
        summary: "Runs code as a role in a new function",
        who: Who::Any,
        steps: &[
            pass("lambda.amazonaws.com"),
            step("lambda:CreateFunction", On::Any),
            step("lambda:InvokeFunction", On::Any),
        ],
        reference: RHINO,
    },
    Method {
        name: "PassRole+CreateFunction+AddPermission",
        summary: "Runs code as a role in a new function that it opens to others",
        who: Who::Any,
        steps: &[
            pass("lambda.amazonaws.com"),
            step("lambda:CreateFunction", On::Any),
            step("lambda:AddPermission", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreateFunction+CreateEventSourceMapping",
        summary: "Runs code as a role in a new function that an event starts",
        who: Who::Any,
        steps: &[
            pass("lambda.amazonaws.com"),
            step("lambda:CreateFunction", On::Any),
            step("lambda:CreateEventSourceMapping", On::Any),
        ],
        reference: RHINO,
    },
    Method {
        name: "PassRole+CreateDevEndpoint",
        summary: "Logs in to a new Glue development endpoint with a role",
        who: Who::Any,
        steps: &[pass("glue.amazonaws.com"), step("glue:CreateDevEndpoint", On::Any)],
        reference: RHINO,
    },
    Method {
        name: "PassRole+CreateJob+StartJobRun",
        summary: "Runs code as a role in a new Glue job",
        who: Who::Any,
        steps: &[
            pass("glue.amazonaws.com"),
            step("glue:CreateJob", On::Any),
            step("glue:StartJobRun", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreateJob+CreateTrigger",
        summary: "Runs code as a role in a new Glue job that a trigger starts",
        who: Who::Any,
        steps: &[
            pass("glue.amazonaws.com"),
            step("glue:CreateJob", On::Any),
            step("glue:CreateTrigger", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+UpdateJob+StartJobRun",
        summary: "Runs code as a role in a Glue job that it rewrites",
        who: Who::Any,
        steps: &[
            pass("glue.amazonaws.com"),
            step("glue:UpdateJob", On::Any),
            step("glue:StartJobRun", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+UpdateJob+CreateTrigger",
        summary: "Runs code as a role in a Glue job that it rewrites and a trigger starts",
        who: Who::Any,
        steps: &[
            pass("glue.amazonaws.com"),
            step("glue:UpdateJob", On::Any),
            step("glue:CreateTrigger", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreateSession+RunStatement",
        summary: "Runs code as a role in a Glue session",
        who: Who::Any,
        steps: &[
            pass("glue.amazonaws.com"),
            step("glue:CreateSession", On::Any),
            step("glue:RunStatement", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreateStack",
        summary: "Creates any resource as a role through CloudFormation",
        who: Who::Any,
        steps: &[pass("cloudformation.amazonaws.com"), step("cloudformation:CreateStack", On::Any)],
        reference: RHINO,
    },
    Method {
        name: "PassRole+UpdateStack",
        summary: "Changes any resource as a role through CloudFormation",
        who: Who::Any,
        steps: &[pass("cloudformation.amazonaws.com"), step("cloudformation:UpdateStack", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreateStackSet",
        summary: "Creates any resource as a role through a stack set",
        who: Who::Any,
        steps: &[
            pass("cloudformation.amazonaws.com"),
            step("cloudformation:CreateStackSet", On::Any),
            step("cloudformation:CreateStackInstances", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+UpdateStackSet",
        summary: "Changes any resource as a role through a stack set",
        who: Who::Any,
        steps: &[
            pass("cloudformation.amazonaws.com"),
            step("cloudformation:UpdateStackSet", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreatePipeline",
        summary: "Runs commands as a role in a data pipeline",
        who: Who::Any,
        steps: &[
            pass("datapipeline.amazonaws.com"),
            step("datapipeline:CreatePipeline", On::Any),
            step("datapipeline:PutPipelineDefinition", On::Any),
            step("datapipeline:ActivatePipeline", On::Any),
        ],
        reference: RHINO,
    },
    Method {
        name: "PassRole+CreateProject+StartBuild",
        summary: "Runs commands as a role in a new build project",
        who: Who::Any,
        steps: &[
            pass("codebuild.amazonaws.com"),
            step("codebuild:CreateProject", On::Any),
            step("codebuild:StartBuild", On::Any),
        ],
        reference: BISHOP,
    },
    Method {
        name: "PassRole+CreateProject+StartBuildBatch",
        summary: "Runs commands as a role in a batch of a new build project",
        who: Who::Any,
        steps: &[
            pass("codebuild.amazonaws.com"),
            step("codebuild:CreateProject", On::Any),
            step("codebuild:StartBuildBatch", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+UpdateProject+StartBuild",
        summary: "Runs commands as a role in a build project that it rewrites",
        who: Who::Any,
        steps: &[
            pass("codebuild.amazonaws.com"),
            step("codebuild:UpdateProject", On::Any),
            step("codebuild:StartBuild", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreateNotebookInstance",
        summary: "Opens a new notebook with a role",
        who: Who::Any,
        steps: &[
            pass("sagemaker.amazonaws.com"),
            step("sagemaker:CreateNotebookInstance", On::Any),
            step("sagemaker:CreatePresignedNotebookInstanceUrl", On::Any),
        ],
        reference: BISHOP,
    },
    Method {
        name: "PassRole+CreateTrainingJob",
        summary: "Runs code as a role in a training job",
        who: Who::Any,
        steps: &[pass("sagemaker.amazonaws.com"), step("sagemaker:CreateTrainingJob", On::Any)],
        reference: BISHOP,
    },
    Method {
        name: "PassRole+CreateProcessingJob",
        summary: "Runs code as a role in a processing job",
        who: Who::Any,
        steps: &[pass("sagemaker.amazonaws.com"), step("sagemaker:CreateProcessingJob", On::Any)],
        reference: BISHOP,
    },
    Method {
        name: "PassRole+RegisterTaskDefinition+RunTask",
        summary: "Runs a container as a role",
        who: Who::Any,
        steps: &[
            pass("ecs-tasks.amazonaws.com"),
            step("ecs:RegisterTaskDefinition", On::Any),
            step("ecs:RunTask", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+RegisterTaskDefinition+StartTask",
        summary: "Runs a container as a role on an instance of the cluster",
        who: Who::Any,
        steps: &[
            pass("ecs-tasks.amazonaws.com"),
            step("ecs:RegisterTaskDefinition", On::Any),
            step("ecs:StartTask", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+RegisterTaskDefinition+CreateService",
        summary: "Runs a container service as a role",
        who: Who::Any,
        steps: &[
            pass("ecs-tasks.amazonaws.com"),
            step("ecs:RegisterTaskDefinition", On::Any),
            step("ecs:CreateService", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+RunTask",
        summary: "Runs its own command as a role in a container that is defined already",
        who: Who::Any,
        steps: &[pass("ecs-tasks.amazonaws.com"), step("ecs:RunTask", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+StartTask",
        summary: "Runs its own command as a role in a container on an instance of the cluster",
        who: Who::Any,
        steps: &[pass("ecs-tasks.amazonaws.com"), step("ecs:StartTask", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+AppRunner",
        summary: "Runs a container service as a role",
        who: Who::Any,
        steps: &[pass("tasks.apprunner.amazonaws.com"), step("apprunner:CreateService", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+RegisterJobDefinition+SubmitJob",
        summary: "Runs a batch job as a role",
        who: Who::Any,
        steps: &[
            pass("ecs-tasks.amazonaws.com"),
            step("batch:RegisterJobDefinition", On::Any),
            step("batch:SubmitJob", On::Any),
        ],
        reference: HACKTRICKS,
    },
    Method {
        name: "PassRole+CreateStateMachine",
        summary: "Calls APIs as a role from a state machine",
        who: Who::Any,
        steps: &[
            pass("states.amazonaws.com"),
            step("states:CreateStateMachine", On::Any),
            step("states:StartExecution", On::Any),
        ],
        reference: HACKTRICKS,
    },
    Method {
        name: "PassRole+CreateSchedule",
        summary: "Calls APIs as a role from a schedule",
        who: Who::Any,
        steps: &[pass("scheduler.amazonaws.com"), step("scheduler:CreateSchedule", On::Any)],
        reference: HACKTRICKS,
    },
    Method {
        name: "PassRole+StartAutomationExecution",
        summary: "Calls APIs as a role from an automation",
        who: Who::Any,
        steps: &[pass("ssm.amazonaws.com"), step("ssm:StartAutomationExecution", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+RunJobFlow",
        summary: "Runs commands as a role on a new cluster",
        who: Who::Any,
        steps: &[
            pass("elasticmapreduce.amazonaws.com"),
            step("elasticmapreduce:RunJobFlow", On::Any),
        ],
        reference: HACKTRICKS,
    },
    Method {
        name: "PassRole+EMRServerless",
        summary: "Runs code as a role in a serverless application",
        who: Who::Any,
        steps: &[
            pass("emr-serverless.amazonaws.com"),
            step("emr-serverless:CreateApplication", On::Any),
            step("emr-serverless:StartJobRun", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+BraketCreateJob",
        summary: "Runs code as a role in a hybrid job",
        who: Who::Any,
        steps: &[pass("braket.amazonaws.com"), step("braket:CreateJob", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+SetIdentityPoolRoles",
        summary: "Gets a role's credentials from an identity pool",
        who: Who::Any,
        steps: &[
            pass("cognito-identity.amazonaws.com"),
            step("cognito-identity:SetIdentityPoolRoles", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreateFleet",
        summary: "Runs a build of its own as a role in a fleet of game servers",
        who: Who::Any,
        steps: &[
            pass("gamelift.amazonaws.com"),
            step("gamelift:CreateBuild", On::Any),
            step("gamelift:CreateFleet", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreateImage",
        summary: "Runs commands as a role where an image is built",
        who: Who::Any,
        steps: &[
            pass("ec2.amazonaws.com"),
            step("imagebuilder:CreateComponent", On::Any),
            step("imagebuilder:CreateImageRecipe", On::Any),
            step("imagebuilder:CreateInfrastructureConfiguration", On::Any),
            step("imagebuilder:CreateImage", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+KinesisAnalytics",
        summary: "Runs code as a role in a stream application",
        who: Who::Any,
        steps: &[
            pass("kinesisanalytics.amazonaws.com"),
            step("kinesisanalytics:CreateApplication", On::Any),
            step("kinesisanalytics:StartApplication", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+OmicsStartRun",
        summary: "Runs a workflow of its own as a role",
        who: Who::Any,
        steps: &[
            pass("omics.amazonaws.com"),
            step("omics:CreateWorkflow", On::Any),
            step("omics:StartRun", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CodeStar",
        summary: "Creates a project that acts as a role",
        who: Who::Any,
        steps: &[pass("codestar.amazonaws.com"), step("codestar:CreateProject", On::Any)],
        reference: RHINO,
    },
    Method {
        name: "PassRole+CreateCodeInterpreter",
        summary: "Runs code as a role in a code interpreter",
        who: Who::Any,
        steps: &[
            pass("bedrock-agentcore.amazonaws.com"),
            step("bedrock-agentcore:CreateCodeInterpreter", On::Any),
            step("bedrock-agentcore:StartCodeInterpreterSession", On::Any),
            step("bedrock-agentcore:InvokeCodeInterpreter", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreateBrowser",
        summary: "Drives a browser that has a role and reads its credentials",
        who: Who::Any,
        steps: &[
            pass("bedrock-agentcore.amazonaws.com"),
            step("bedrock-agentcore:CreateBrowser", On::Any),
            step("bedrock-agentcore:StartBrowserSession", On::Any),
            step("bedrock-agentcore:ConnectBrowserAutomationStream", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "PassRole+CreateAgentRuntime",
        summary: "Runs commands as a role in an agent's runtime",
        who: Who::Any,
        steps: &[
            pass("bedrock-agentcore.amazonaws.com"),
            step("bedrock-agentcore:CreateAgentRuntime", On::Any),
            step("bedrock-agentcore:InvokeAgentRuntimeCommand", On::Any),
        ],
        reference: PATHFINDING,
    },
    // A harness is a runtime with an agent in it: to make one takes both, by AWS's own table.
    // <https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/harness-security.html>
    Method {
        name: "PassRole+CreateHarness",
        summary: "Runs commands as a role in an agent's harness",
        who: Who::Any,
        steps: &[
            pass("bedrock-agentcore.amazonaws.com"),
            step("bedrock-agentcore:CreateHarness", On::Any),
            step("bedrock-agentcore:CreateAgentRuntime", On::Any),
            step("bedrock-agentcore:CreateAgentRuntimeEndpoint", On::Any),
            step("bedrock-agentcore:CreateWorkloadIdentity", On::Any),
            step("bedrock-agentcore:GetAgentRuntime", On::Any),
            step("bedrock-agentcore:GetHarness", On::Any),
            step("bedrock-agentcore:InvokeAgentRuntimeCommand", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "UpdateFunctionCode",
        summary: "Runs code as the role of a function that it rewrites",
        who: Who::Any,
        steps: &[step("lambda:UpdateFunctionCode", On::Any)],
        reference: RHINO,
    },
    Method {
        name: "UpdateFunctionConfiguration",
        summary: "Runs code as the role of a function through a layer",
        who: Who::Any,
        steps: &[step("lambda:UpdateFunctionConfiguration", On::Any)],
        reference: RHINO,
    },
    Method {
        name: "UpdateDevEndpoint",
        summary: "Logs in to a Glue development endpoint that has a role",
        who: Who::Any,
        steps: &[step("glue:UpdateDevEndpoint", On::Any)],
        reference: RHINO,
    },
    Method {
        name: "SendSSHPublicKey",
        summary: "Logs in to an instance that has a role",
        who: Who::Any,
        steps: &[step("ec2-instance-connect:SendSSHPublicKey", On::Any)],
        reference: BISHOP,
    },
    Method {
        name: "SendCommand",
        summary: "Runs commands on an instance that has a role",
        who: Who::Any,
        steps: &[step("ssm:SendCommand", On::Any)],
        reference: BISHOP,
    },
    Method {
        name: "StartSession",
        summary: "Opens a shell on an instance that has a role",
        who: Who::Any,
        steps: &[step("ssm:StartSession", On::Any)],
        reference: BISHOP,
    },
    Method {
        name: "ModifyInstanceAttribute",
        summary: "Runs commands at the start of an instance that has a role",
        who: Who::Any,
        steps: &[
            step("ec2:ModifyInstanceAttribute", On::Any),
            step("ec2:StopInstances", On::Any),
            step("ec2:StartInstances", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "ModifyLaunchTemplate",
        summary: "Runs commands as the role of instances that start from a template",
        who: Who::Any,
        steps: &[
            step("ec2:CreateLaunchTemplateVersion", On::Any),
            step("ec2:ModifyLaunchTemplate", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "UpdateStack",
        summary: "Changes resources as the role of a stack",
        who: Who::Any,
        steps: &[step("cloudformation:UpdateStack", On::Any)],
        reference: BISHOP,
    },
    Method {
        name: "CreateChangeSet",
        summary: "Changes resources as the role of a stack",
        who: Who::Any,
        steps: &[
            step("cloudformation:CreateChangeSet", On::Any),
            step("cloudformation:ExecuteChangeSet", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "StartBuild",
        summary: "Runs commands as the role of a build project",
        who: Who::Any,
        steps: &[step("codebuild:StartBuild", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "StartBuildBatch",
        summary: "Runs commands as the role of a build project",
        who: Who::Any,
        steps: &[step("codebuild:StartBuildBatch", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "SubmitJob",
        summary: "Runs its own command as the role of a batch job",
        who: Who::Any,
        steps: &[step("batch:SubmitJob", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "CreateDeployment",
        summary: "Runs commands as the role of instances that it deploys to",
        who: Who::Any,
        steps: &[
            step("codedeploy:CreateDeployment", On::Any),
            step("codedeploy:RegisterApplicationRevision", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "UpdateStateMachine",
        summary: "Calls APIs as the role of a state machine that it rewrites",
        who: Who::Any,
        steps: &[
            step("states:UpdateStateMachine", On::Any),
            step("states:StartExecution", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "CreatePresignedNotebookInstanceUrl",
        summary: "Opens a notebook that has a role",
        who: Who::Any,
        steps: &[step("sagemaker:CreatePresignedNotebookInstanceUrl", On::Any)],
        reference: BISHOP,
    },
    Method {
        name: "UpdateNotebookInstance",
        summary: "Runs commands as the role of a notebook when it starts",
        who: Who::Any,
        steps: &[
            step("sagemaker:CreateNotebookInstanceLifecycleConfig", On::Any),
            step("sagemaker:StopNotebookInstance", On::Any),
            step("sagemaker:UpdateNotebookInstance", On::Any),
            step("sagemaker:StartNotebookInstance", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "ExecuteCommand",
        summary: "Opens a shell in a container that has a role",
        who: Who::Any,
        steps: &[step("ecs:ExecuteCommand", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "UpdateService",
        summary: "Runs another image as the role of an App Runner service",
        who: Who::Any,
        steps: &[step("apprunner:UpdateService", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "InvokeCodeInterpreter",
        summary: "Runs code as the role of a code interpreter",
        who: Who::Any,
        steps: &[
            step("bedrock-agentcore:StartCodeInterpreterSession", On::Any),
            step("bedrock-agentcore:InvokeCodeInterpreter", On::Any),
        ],
        reference: PATHFINDING,
    },
    Method {
        name: "InvokeAgentRuntimeCommand",
        summary: "Runs commands as the role of an agent's runtime",
        who: Who::Any,
        steps: &[step("bedrock-agentcore:InvokeAgentRuntimeCommand", On::Any)],
        reference: PATHFINDING,
    },
    Method {
        name: "ConnectBrowser",
        summary: "Drives a browser that has a role and reads its credentials",
        who: Who::Any,
        steps: &[
            step("bedrock-agentcore:StartBrowserSession", On::Any),
            step("bedrock-agentcore:ConnectBrowserAutomationStream", On::Any),
        ],
        reference: PATHFINDING,
    },
];
