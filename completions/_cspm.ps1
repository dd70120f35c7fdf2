
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'cspm' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'cspm'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'cspm' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('scan', 'scan', [CompletionResultType]::ParameterValue, 'Read accounts, judge them, and print what is wrong')
            [CompletionResult]::new('findings', 'findings', [CompletionResultType]::ParameterValue, 'List findings, or show one')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Report on the controls of a framework, from the latest scans')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'List the scans, or show the life of a finding')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Say what changed between two scans')
            [CompletionResult]::new('trend', 'trend', [CompletionResultType]::ParameterValue, 'Show score and counts over time')
            [CompletionResult]::new('overview', 'overview', [CompletionResultType]::ParameterValue, 'Show all tenants, worst first')
            [CompletionResult]::new('suppress', 'suppress', [CompletionResultType]::ParameterValue, 'Live with findings until a date')
            [CompletionResult]::new('snapshot', 'snapshot', [CompletionResultType]::ParameterValue, 'Say what is in a snapshot')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'List, show, check and write rules')
            [CompletionResult]::new('frameworks', 'frameworks', [CompletionResultType]::ParameterValue, 'List the frameworks, or show one')
            [CompletionResult]::new('tenants', 'tenants', [CompletionResultType]::ParameterValue, 'Add, list and check the accounts to scan')
            [CompletionResult]::new('permissions', 'permissions', [CompletionResultType]::ParameterValue, 'Print the least IAM policy that a scan needs')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Say what a policy allows and to whom, or decide one request by it')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of rule files, the tenants file or a resource')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;scan' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'The tenant of the tenants file, or `demo`; may be repeated')
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'The tenant of the tenants file, or `demo`; may be repeated')
            [CompletionResult]::new('--snapshot', '--snapshot', [CompletionResultType]::ParameterName, 'Judge this snapshot in place of an account: a file, s3://BUCKET/KEY, or - for standard input')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only this region; may be repeated [default: all that are enabled]')
            [CompletionResult]::new('--tenants-from', '--tenants-from', [CompletionResultType]::ParameterName, 'Every account of the AWS Organization, as the credentials may list them; the account of the credentials is read with them, the others through a role')
            [CompletionResult]::new('--org-role', '--org-role', [CompletionResultType]::ParameterName, 'The name of the role to take in each account')
            [CompletionResult]::new('--org-external-id', '--org-external-id', [CompletionResultType]::ParameterName, 'The external id that the roles ask for; better in $CSPM_ORG_EXTERNAL_ID, which other users of the machine cannot see')
            [CompletionResult]::new('--org-ou', '--org-ou', [CompletionResultType]::ParameterName, 'Only accounts in this unit or root, at any depth; may be repeated')
            [CompletionResult]::new('--org-tag', '--org-tag', [CompletionResultType]::ParameterName, 'Only accounts with this tag: KEY=VALUE, or KEY for any value; if repeated, with all of them')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Only part I of N of the tenants; the parts are stable, and together all')
            [CompletionResult]::new('--shards', '--shards', [CompletionResultType]::ParameterName, 'The same as --shard, with I from the array job that runs this ($AWS_BATCH_JOB_ARRAY_INDEX or $JOB_COMPLETION_INDEX)')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'How many tenants are scanned at once')
            [CompletionResult]::new('--max-rps', '--max-rps', [CompletionResultType]::ParameterName, 'Requests a second at most, over all tenants and services')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'End after this time, such as 90s, 30m or 2h; what AWS has not answered by then is unknown')
            [CompletionResult]::new('--rule', '--rule', [CompletionResultType]::ParameterName, 'Only rules whose id or alias matches; may be repeated')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'Only rules of this service; may be repeated')
            [CompletionResult]::new('--framework', '--framework', [CompletionResultType]::ParameterName, 'Only rules that look at a control of this framework')
            [CompletionResult]::new('--severity', '--severity', [CompletionResultType]::ParameterName, 'Only rules of this severity or worse')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'End with 11 to 15 if anything of this severity or worse failed; `none` for never')
            [CompletionResult]::new('--baseline', '--baseline', [CompletionResultType]::ParameterName, 'Only heed failures that are not in this file')
            [CompletionResult]::new('--write-baseline', '--write-baseline', [CompletionResultType]::ParameterName, 'Write the failures that stand to this file, for --baseline')
            [CompletionResult]::new('--suppressions', '--suppressions', [CompletionResultType]::ParameterName, 'The suppressions file [default: that of the tenants file]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the result to this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the result to this file')
            [CompletionResult]::new('--output-dir', '--output-dir', [CompletionResultType]::ParameterName, 'Write a file for each tenant into this folder')
            [CompletionResult]::new('--save-snapshot', '--save-snapshot', [CompletionResultType]::ParameterName, 'Write what AWS answered to this file, to be judged later; compressed if it ends in .zst')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Every tenant of the tenants file')
            [CompletionResult]::new('--resume', '--resume', [CompletionResultType]::ParameterName, 'Go on with the run that was interrupted last, with its options; tenants that were finished are not scanned again')
            [CompletionResult]::new('--stats', '--stats', [CompletionResultType]::ParameterName, 'Say on standard error how often AWS was called, how often it throttled, and how long that took')
            [CompletionResult]::new('--allow-unknown', '--allow-unknown', [CompletionResultType]::ParameterName, 'End with 0 also if something at or above --fail-on is unknown')
            [CompletionResult]::new('--fail-on-new', '--fail-on-new', [CompletionResultType]::ParameterName, 'Only heed failures that are new or back since the last completed scan of the account; without one, all are new')
            [CompletionResult]::new('--show-passed', '--show-passed', [CompletionResultType]::ParameterName, 'Show what passed, too')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;findings' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the findings that are open, or that a scan saw')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one finding: what was seen, why it matters, how to fix it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;findings;list' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Only this tenant; may be repeated')
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'Only this tenant; may be repeated')
            [CompletionResult]::new('--scan', '--scan', [CompletionResultType]::ParameterName, 'What this scan saw, in place of what is open now')
            [CompletionResult]::new('--severity', '--severity', [CompletionResultType]::ParameterName, 'Only findings of this severity or worse')
            [CompletionResult]::new('--category', '--category', [CompletionResultType]::ParameterName, 'Only of this category, like IAM or LOGGING; may be repeated')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'Only of this service, like iam or s3; may be repeated')
            [CompletionResult]::new('--rule', '--rule', [CompletionResultType]::ParameterName, 'Only of rules whose id or alias matches; may be repeated')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'Only in this region, or `global`; may be repeated')
            [CompletionResult]::new('--status', '--status', [CompletionResultType]::ParameterName, 'Only with this status: open, suppressed, fixed, deleted or no_longer_visible; may be repeated [default: open and suppressed]')
            [CompletionResult]::new('--control', '--control', [CompletionResultType]::ParameterName, 'Only those that touch this control, like `iso27001:A.8.5`, or `A.8.5` of any framework; may be repeated')
            [CompletionResult]::new('--text', '--text', [CompletionResultType]::ParameterName, 'Only those with this text in title, rule or resource, whatever its case')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print them')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Also what is fixed, deleted or no longer visible')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;findings;show' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;findings;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the findings that are open, or that a scan saw')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one finding: what was seen, why it matters, how to fix it')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;findings;help;list' {
            break
        }
        'cspm;findings;help;show' {
            break
        }
        'cspm;findings;help;help' {
            break
        }
        'cspm;report' {
            [CompletionResult]::new('--framework', '--framework', [CompletionResultType]::ParameterName, 'The framework: an id or alias of `cspm frameworks list`')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Only this tenant; may be repeated [default: all that were scanned]')
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'Only this tenant; may be repeated [default: all that were scanned]')
            [CompletionResult]::new('--scan', '--scan', [CompletionResultType]::ParameterName, 'This scan, in place of each tenant''s latest')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the report')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the report to this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the report to this file')
            [CompletionResult]::new('--output-dir', '--output-dir', [CompletionResultType]::ParameterName, 'Write a file for each tenant into this folder')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'All tenants that were scanned, as without --tenant')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;history' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Only this tenant')
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'Only this tenant')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print them')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the whole life of a finding')
            [CompletionResult]::new('merge', 'merge', [CompletionResultType]::ParameterValue, 'Take over what other history files hold, such as those of shards')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Forget old scans; findings and the trail stay')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;history;show' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;history;merge' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cspm;history;prune' {
            [CompletionResult]::new('--keep', '--keep', [CompletionResultType]::ParameterName, 'Keep the newest N scans of each tenant, or those of so many days, as 90d')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cspm;history;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the whole life of a finding')
            [CompletionResult]::new('merge', 'merge', [CompletionResultType]::ParameterValue, 'Take over what other history files hold, such as those of shards')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Forget old scans; findings and the trail stay')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;history;help;show' {
            break
        }
        'cspm;history;help;merge' {
            break
        }
        'cspm;history;help;prune' {
            break
        }
        'cspm;history;help;help' {
            break
        }
        'cspm;diff' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'The newest scans of this tenant')
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'The newest scans of this tenant')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the changes')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;trend' {
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Only this tenant')
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'Only this tenant')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;overview' {
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Show it again every so often, such as 30s or 5m, until interrupted')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;suppress' {
            [CompletionResult]::new('--rule', '--rule', [CompletionResultType]::ParameterName, 'All that this rule finds')
            [CompletionResult]::new('--resource', '--resource', [CompletionResultType]::ParameterName, 'Only on resources whose ARN or name matches')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Only in this tenant')
            [CompletionResult]::new('--tenant', '--tenant', [CompletionResultType]::ParameterName, 'Only in this tenant')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why it is acceptable')
            [CompletionResult]::new('--until', '--until', [CompletionResultType]::ParameterName, 'The last day on which it holds, as 2026-12-31')
            [CompletionResult]::new('--owner', '--owner', [CompletionResultType]::ParameterName, 'Who answers for it')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the suppressions: what each hides, which are expired or unused')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Make the suppressions of a file the ones that hold, as a scan does')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take a suppression back')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;suppress;list' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print them')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;suppress;sync' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cspm;suppress;remove' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cspm;suppress;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the suppressions: what each hides, which are expired or unused')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Make the suppressions of a file the ones that hold, as a scan does')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take a suppression back')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;suppress;help;list' {
            break
        }
        'cspm;suppress;help;sync' {
            break
        }
        'cspm;suppress;help;remove' {
            break
        }
        'cspm;suppress;help;help' {
            break
        }
        'cspm;snapshot' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show what is in one: account, regions, when it was taken, resources by type, what is missing')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;snapshot;show' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;snapshot;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show what is in one: account, regions, when it was taken, resources by type, what is missing')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;snapshot;help;show' {
            break
        }
        'cspm;snapshot;help;help' {
            break
        }
        'cspm;rules' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the rules')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a rule: what, why, how to fix it, what it reads')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the examples of rules')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check rules: words, controls, examples, and whether these notice every operator and number')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Write a rule to begin with: it passes the check')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;rules;list' {
            [CompletionResult]::new('--rule', '--rule', [CompletionResultType]::ParameterName, 'Only rules whose id or alias matches; may be repeated')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'Only rules of this service; may be repeated')
            [CompletionResult]::new('--framework', '--framework', [CompletionResultType]::ParameterName, 'Only rules that look at a control of this framework')
            [CompletionResult]::new('--severity', '--severity', [CompletionResultType]::ParameterName, 'Only rules of this severity or worse')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print them')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;rules;show' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;rules;test' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cspm;rules;check' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cspm;rules;new' {
            [CompletionResult]::new('--resource', '--resource', [CompletionResultType]::ParameterName, 'What it judges, as ec2.instance')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The folder of rules to write to')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cspm;rules;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the rules')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a rule: what, why, how to fix it, what it reads')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the examples of rules')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check rules: words, controls, examples, and whether these notice every operator and number')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Write a rule to begin with: it passes the check')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;rules;help;list' {
            break
        }
        'cspm;rules;help;show' {
            break
        }
        'cspm;rules;help;test' {
            break
        }
        'cspm;rules;help;check' {
            break
        }
        'cspm;rules;help;new' {
            break
        }
        'cspm;rules;help;help' {
            break
        }
        'cspm;frameworks' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the frameworks: how many controls they have, how many have a check')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a framework: where its list comes from, every control and its rules')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;frameworks;list' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print them')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;frameworks;show' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print it')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;frameworks;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the frameworks: how many controls they have, how many have a check')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a framework: where its list comes from, every control and its rules')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;frameworks;help;list' {
            break
        }
        'cspm;frameworks;help;show' {
            break
        }
        'cspm;frameworks;help;help' {
            break
        }
        'cspm;tenants' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a tenant to the tenants file, and print the trust policy for its role')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the tenants')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Try to get into the accounts: credentials, role, external id, permissions')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;tenants;add' {
            [CompletionResult]::new('--account-id', '--account-id', [CompletionResultType]::ParameterName, 'The account: twelve digits')
            [CompletionResult]::new('--role-arn', '--role-arn', [CompletionResultType]::ParameterName, 'The role to assume in that account; without it your credentials are used as they are')
            [CompletionResult]::new('--external-id', '--external-id', [CompletionResultType]::ParameterName, 'What the role''s trust policy demands [default: a new, unique one]')
            [CompletionResult]::new('--scanner', '--scanner', [CompletionResultType]::ParameterName, 'Who will assume the role: your account id, or the ARN of your role or user')
            [CompletionResult]::new('--profile', '--profile', [CompletionResultType]::ParameterName, 'The AWS profile to start from')
            [CompletionResult]::new('--region', '--region', [CompletionResultType]::ParameterName, 'A region to scan; may be repeated [default: all enabled regions]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cspm;tenants;list' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cspm;tenants;check' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cspm;tenants;help' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a tenant to the tenants file, and print the trust policy for its role')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the tenants')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Try to get into the accounts: credentials, role, external id, permissions')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;tenants;help;add' {
            break
        }
        'cspm;tenants;help;list' {
            break
        }
        'cspm;tenants;help;check' {
            break
        }
        'cspm;tenants;help;help' {
            break
        }
        'cspm;permissions' {
            [CompletionResult]::new('--rule', '--rule', [CompletionResultType]::ParameterName, 'Only rules whose id or alias matches; may be repeated')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'Only rules of this service; may be repeated')
            [CompletionResult]::new('--framework', '--framework', [CompletionResultType]::ParameterName, 'Only rules that look at a control of this framework')
            [CompletionResult]::new('--severity', '--severity', [CompletionResultType]::ParameterName, 'Only rules of this severity or worse')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the policy')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;policy' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what a policy allows: to whom it opens, or what power it gives')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Decide one request by a policy alone, or together with others')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;policy;check' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'What the policy is attached to [default: told by its elements]')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service of a resource policy: s3, s3-access-point, sqs, ... [default: told by its actions and resources]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the answer')
            [CompletionResult]::new('--account', '--account', [CompletionResultType]::ParameterName, 'The account that the policy is in; whoever is of it is not outside')
            [CompletionResult]::new('--with', '--with', [CompletionResultType]::ParameterName, 'A policy that limits this one: boundary or scp for an identity policy, rcp for any; repeat it for more (service control policies: those of one level)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;policy;simulate' {
            [CompletionResult]::new('--kind', '--kind', [CompletionResultType]::ParameterName, 'What the policy is attached to [default: told by its elements]')
            [CompletionResult]::new('--service', '--service', [CompletionResultType]::ParameterName, 'The service of a resource policy: s3, s3-access-point, sqs, ... [default: told by its actions and resources]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How to print the answer')
            [CompletionResult]::new('--principal', '--principal', [CompletionResultType]::ParameterName, 'Who asks: *, an account, the ARN of a user, role or session, a service, a provider')
            [CompletionResult]::new('--action', '--action', [CompletionResultType]::ParameterName, 'For what: s3:GetObject')
            [CompletionResult]::new('--resource', '--resource', [CompletionResultType]::ParameterName, 'On what: an ARN, or * for an action that has no resource')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'A condition key of the request; repeat it for more keys or more values')
            [CompletionResult]::new('--with', '--with', [CompletionResultType]::ParameterName, 'A policy that decides together with this one: identity, boundary, session, scp, rcp or resource; repeat it for more (service control policies: those of one level)')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'cspm;policy;help' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what a policy allows: to whom it opens, or what power it gives')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Decide one request by a policy alone, or together with others')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;policy;help;check' {
            break
        }
        'cspm;policy;help;simulate' {
            break
        }
        'cspm;policy;help;help' {
            break
        }
        'cspm;schema' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cspm;completions' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]')
            [CompletionResult]::new('--db', '--db', [CompletionResultType]::ParameterName, 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]')
            [CompletionResult]::new('--rules-dir', '--rules-dir', [CompletionResultType]::ParameterName, 'A folder of rules of your own, to be judged beside the built-in ones')
            [CompletionResult]::new('--redact', '--redact', [CompletionResultType]::ParameterName, 'Replace account ids, ARNs and names by keyed hashes in all that is printed')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
        'cspm;help' {
            [CompletionResult]::new('scan', 'scan', [CompletionResultType]::ParameterValue, 'Read accounts, judge them, and print what is wrong')
            [CompletionResult]::new('findings', 'findings', [CompletionResultType]::ParameterValue, 'List findings, or show one')
            [CompletionResult]::new('report', 'report', [CompletionResultType]::ParameterValue, 'Report on the controls of a framework, from the latest scans')
            [CompletionResult]::new('history', 'history', [CompletionResultType]::ParameterValue, 'List the scans, or show the life of a finding')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Say what changed between two scans')
            [CompletionResult]::new('trend', 'trend', [CompletionResultType]::ParameterValue, 'Show score and counts over time')
            [CompletionResult]::new('overview', 'overview', [CompletionResultType]::ParameterValue, 'Show all tenants, worst first')
            [CompletionResult]::new('suppress', 'suppress', [CompletionResultType]::ParameterValue, 'Live with findings until a date')
            [CompletionResult]::new('snapshot', 'snapshot', [CompletionResultType]::ParameterValue, 'Say what is in a snapshot')
            [CompletionResult]::new('rules', 'rules', [CompletionResultType]::ParameterValue, 'List, show, check and write rules')
            [CompletionResult]::new('frameworks', 'frameworks', [CompletionResultType]::ParameterValue, 'List the frameworks, or show one')
            [CompletionResult]::new('tenants', 'tenants', [CompletionResultType]::ParameterValue, 'Add, list and check the accounts to scan')
            [CompletionResult]::new('permissions', 'permissions', [CompletionResultType]::ParameterValue, 'Print the least IAM policy that a scan needs')
            [CompletionResult]::new('policy', 'policy', [CompletionResultType]::ParameterValue, 'Say what a policy allows and to whom, or decide one request by it')
            [CompletionResult]::new('schema', 'schema', [CompletionResultType]::ParameterValue, 'Print the JSON Schema of rule files, the tenants file or a resource')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'cspm;help;scan' {
            break
        }
        'cspm;help;findings' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the findings that are open, or that a scan saw')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one finding: what was seen, why it matters, how to fix it')
            break
        }
        'cspm;help;findings;list' {
            break
        }
        'cspm;help;findings;show' {
            break
        }
        'cspm;help;report' {
            break
        }
        'cspm;help;history' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the whole life of a finding')
            [CompletionResult]::new('merge', 'merge', [CompletionResultType]::ParameterValue, 'Take over what other history files hold, such as those of shards')
            [CompletionResult]::new('prune', 'prune', [CompletionResultType]::ParameterValue, 'Forget old scans; findings and the trail stay')
            break
        }
        'cspm;help;history;show' {
            break
        }
        'cspm;help;history;merge' {
            break
        }
        'cspm;help;history;prune' {
            break
        }
        'cspm;help;diff' {
            break
        }
        'cspm;help;trend' {
            break
        }
        'cspm;help;overview' {
            break
        }
        'cspm;help;suppress' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the suppressions: what each hides, which are expired or unused')
            [CompletionResult]::new('sync', 'sync', [CompletionResultType]::ParameterValue, 'Make the suppressions of a file the ones that hold, as a scan does')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Take a suppression back')
            break
        }
        'cspm;help;suppress;list' {
            break
        }
        'cspm;help;suppress;sync' {
            break
        }
        'cspm;help;suppress;remove' {
            break
        }
        'cspm;help;snapshot' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show what is in one: account, regions, when it was taken, resources by type, what is missing')
            break
        }
        'cspm;help;snapshot;show' {
            break
        }
        'cspm;help;rules' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the rules')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a rule: what, why, how to fix it, what it reads')
            [CompletionResult]::new('test', 'test', [CompletionResultType]::ParameterValue, 'Run the examples of rules')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Check rules: words, controls, examples, and whether these notice every operator and number')
            [CompletionResult]::new('new', 'new', [CompletionResultType]::ParameterValue, 'Write a rule to begin with: it passes the check')
            break
        }
        'cspm;help;rules;list' {
            break
        }
        'cspm;help;rules;show' {
            break
        }
        'cspm;help;rules;test' {
            break
        }
        'cspm;help;rules;check' {
            break
        }
        'cspm;help;rules;new' {
            break
        }
        'cspm;help;frameworks' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the frameworks: how many controls they have, how many have a check')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show a framework: where its list comes from, every control and its rules')
            break
        }
        'cspm;help;frameworks;list' {
            break
        }
        'cspm;help;frameworks;show' {
            break
        }
        'cspm;help;tenants' {
            [CompletionResult]::new('add', 'add', [CompletionResultType]::ParameterValue, 'Add a tenant to the tenants file, and print the trust policy for its role')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List the tenants')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Try to get into the accounts: credentials, role, external id, permissions')
            break
        }
        'cspm;help;tenants;add' {
            break
        }
        'cspm;help;tenants;list' {
            break
        }
        'cspm;help;tenants;check' {
            break
        }
        'cspm;help;permissions' {
            break
        }
        'cspm;help;policy' {
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say what a policy allows: to whom it opens, or what power it gives')
            [CompletionResult]::new('simulate', 'simulate', [CompletionResultType]::ParameterValue, 'Decide one request by a policy alone, or together with others')
            break
        }
        'cspm;help;policy;check' {
            break
        }
        'cspm;help;policy;simulate' {
            break
        }
        'cspm;help;schema' {
            break
        }
        'cspm;help;completions' {
            break
        }
        'cspm;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
