# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_cspm_global_optspecs
    string join \n config= db= redact rules-dir= h/help V/version
end

function __fish_cspm_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_cspm_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_cspm_using_subcommand
    set -l cmd (__fish_cspm_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c cspm -n "__fish_cspm_needs_command" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_needs_command" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_needs_command" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_needs_command" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_needs_command" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_needs_command" -s V -l version -d 'Print version'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "scan" -d 'Read accounts, judge them, and print what is wrong'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "findings" -d 'List findings, or show one'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "report" -d 'Report on the controls of a framework, from the latest scans'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "history" -d 'List the scans, or show the life of a finding'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "diff" -d 'Say what changed between two scans'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "trend" -d 'Show score and counts over time'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "overview" -d 'Show all tenants, worst first'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "suppress" -d 'Live with findings until a date'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "snapshot" -d 'Say what is in a snapshot'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "rules" -d 'List, show, check and write rules'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "frameworks" -d 'List the frameworks, or show one'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "tenants" -d 'Add, list and check the accounts to scan'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "permissions" -d 'Print the least IAM policy that a scan needs'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "policy" -d 'Say what a policy allows and to whom, or decide one request by it'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "schema" -d 'Print the JSON Schema of rule files, the tenants file or a resource'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "completions" -d 'Print a completion script'
complete -c cspm -n "__fish_cspm_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand scan" -s t -l tenant -d 'The tenant of the tenants file, or `demo`; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l snapshot -d 'Judge this snapshot in place of an account: a file, s3://BUCKET/KEY, or - for standard input' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l region -d 'Only this region; may be repeated [default: all that are enabled]' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l tenants-from -d 'Every account of the AWS Organization, as the credentials may list them; the account of the credentials is read with them, the others through a role' -r -f -a "organization\t'The AWS Organization of the credentials'"
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l org-role -d 'The name of the role to take in each account' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l org-external-id -d 'The external id that the roles ask for; better in $CSPM_ORG_EXTERNAL_ID, which other users of the machine cannot see' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l org-ou -d 'Only accounts in this unit or root, at any depth; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l org-tag -d 'Only accounts with this tag: KEY=VALUE, or KEY for any value; if repeated, with all of them' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l shard -d 'Only part I of N of the tenants; the parts are stable, and together all' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l shards -d 'The same as --shard, with I from the array job that runs this ($AWS_BATCH_JOB_ARRAY_INDEX or $JOB_COMPLETION_INDEX)' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l jobs -d 'How many tenants are scanned at once' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l max-rps -d 'Requests a second at most, over all tenants and services' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l timeout -d 'End after this time, such as 90s, 30m or 2h; what AWS has not answered by then is unknown' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l rule -d 'Only rules whose id or alias matches; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l service -d 'Only rules of this service; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l framework -d 'Only rules that look at a control of this framework' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l severity -d 'Only rules of this severity or worse' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l fail-on -d 'End with 11 to 15 if anything of this severity or worse failed; `none` for never' -r
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l baseline -d 'Only heed failures that are not in this file' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l write-baseline -d 'Write the failures that stand to this file, for --baseline' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l suppressions -d 'The suppressions file [default: that of the tenants file]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l format -d 'How to print the result' -r -f -a "table\t'For people'
json\t'For programs'
csv\t'For spreadsheets: one row per finding'
markdown\t'For documents and pull requests'
github\t'For GitHub Actions: annotations'
sarif\t'For code scanning: SARIF 2.1.0'
junit\t'For CI systems that show test results'"
complete -c cspm -n "__fish_cspm_using_subcommand scan" -s o -l output -d 'Write the result to this file' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l output-dir -d 'Write a file for each tenant into this folder' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l save-snapshot -d 'Write what AWS answered to this file, to be judged later; compressed if it ends in .zst' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l all -d 'Every tenant of the tenants file'
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l resume -d 'Go on with the run that was interrupted last, with its options; tenants that were finished are not scanned again'
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l stats -d 'Say on standard error how often AWS was called, how often it throttled, and how long that took'
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l allow-unknown -d 'End with 0 also if something at or above --fail-on is unknown'
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l fail-on-new -d 'Only heed failures that are new or back since the last completed scan of the account; without one, all are new'
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l show-passed -d 'Show what passed, too'
complete -c cspm -n "__fish_cspm_using_subcommand scan" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand scan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and not __fish_seen_subcommand_from list show help" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand findings; and not __fish_seen_subcommand_from list show help" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand findings; and not __fish_seen_subcommand_from list show help" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand findings; and not __fish_seen_subcommand_from list show help" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and not __fish_seen_subcommand_from list show help" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and not __fish_seen_subcommand_from list show help" -f -a "list" -d 'List the findings that are open, or that a scan saw'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and not __fish_seen_subcommand_from list show help" -f -a "show" -d 'Show one finding: what was seen, why it matters, how to fix it'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and not __fish_seen_subcommand_from list show help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -s t -l tenant -d 'Only this tenant; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l scan -d 'What this scan saw, in place of what is open now' -r
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l severity -d 'Only findings of this severity or worse' -r
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l category -d 'Only of this category, like IAM or LOGGING; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l service -d 'Only of this service, like iam or s3; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l rule -d 'Only of rules whose id or alias matches; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l region -d 'Only in this region, or `global`; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l status -d 'Only with this status: open, suppressed, fixed, deleted or no_longer_visible; may be repeated [default: open and suppressed]' -r
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l control -d 'Only those that touch this control, like `iso27001:A.8.5`, or `A.8.5` of any framework; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l text -d 'Only those with this text in title, rule or resource, whatever its case' -r
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l format -d 'How to print them' -r -f -a "table\t'For people'
json\t'For programs'
csv\t'For spreadsheets'
markdown\t'For documents and pull requests'"
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l all -d 'Also what is fixed, deleted or no longer visible'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from show" -l format -d 'How to print it' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from show" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from show" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from show" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from show" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the findings that are open, or that a scan saw'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one finding: what was seen, why it matters, how to fix it'
complete -c cspm -n "__fish_cspm_using_subcommand findings; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand report" -l framework -d 'The framework: an id or alias of `cspm frameworks list`' -r
complete -c cspm -n "__fish_cspm_using_subcommand report" -s t -l tenant -d 'Only this tenant; may be repeated [default: all that were scanned]' -r
complete -c cspm -n "__fish_cspm_using_subcommand report" -l scan -d 'This scan, in place of each tenant\'s latest' -r
complete -c cspm -n "__fish_cspm_using_subcommand report" -l format -d 'How to print the report' -r -f -a "table\t'For people'
markdown\t'For documents and pull requests'
json\t'For programs'
csv\t'For spreadsheets'
html\t'For auditors: one file that needs no network'"
complete -c cspm -n "__fish_cspm_using_subcommand report" -s o -l output -d 'Write the report to this file' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand report" -l output-dir -d 'Write a file for each tenant into this folder' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand report" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand report" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand report" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand report" -l all -d 'All tenants that were scanned, as without --tenant'
complete -c cspm -n "__fish_cspm_using_subcommand report" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand report" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand history; and not __fish_seen_subcommand_from show merge prune help" -s t -l tenant -d 'Only this tenant' -r
complete -c cspm -n "__fish_cspm_using_subcommand history; and not __fish_seen_subcommand_from show merge prune help" -l format -d 'How to print them' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand history; and not __fish_seen_subcommand_from show merge prune help" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand history; and not __fish_seen_subcommand_from show merge prune help" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand history; and not __fish_seen_subcommand_from show merge prune help" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand history; and not __fish_seen_subcommand_from show merge prune help" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand history; and not __fish_seen_subcommand_from show merge prune help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand history; and not __fish_seen_subcommand_from show merge prune help" -f -a "show" -d 'Show the whole life of a finding'
complete -c cspm -n "__fish_cspm_using_subcommand history; and not __fish_seen_subcommand_from show merge prune help" -f -a "merge" -d 'Take over what other history files hold, such as those of shards'
complete -c cspm -n "__fish_cspm_using_subcommand history; and not __fish_seen_subcommand_from show merge prune help" -f -a "prune" -d 'Forget old scans; findings and the trail stay'
complete -c cspm -n "__fish_cspm_using_subcommand history; and not __fish_seen_subcommand_from show merge prune help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from show" -l format -d 'How to print it' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from show" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from show" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from show" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from show" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from merge" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from merge" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from merge" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from merge" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from merge" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from prune" -l keep -d 'Keep the newest N scans of each tenant, or those of so many days, as 90d' -r
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from prune" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from prune" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from prune" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from prune" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from prune" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the whole life of a finding'
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "merge" -d 'Take over what other history files hold, such as those of shards'
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "prune" -d 'Forget old scans; findings and the trail stay'
complete -c cspm -n "__fish_cspm_using_subcommand history; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand diff" -s t -l tenant -d 'The newest scans of this tenant' -r
complete -c cspm -n "__fish_cspm_using_subcommand diff" -l format -d 'How to print the changes' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand diff" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand diff" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand diff" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand diff" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand trend" -s t -l tenant -d 'Only this tenant' -r
complete -c cspm -n "__fish_cspm_using_subcommand trend" -l format -d 'How to print it' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand trend" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand trend" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand trend" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand trend" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand trend" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand overview" -l watch -d 'Show it again every so often, such as 30s or 5m, until interrupted' -r
complete -c cspm -n "__fish_cspm_using_subcommand overview" -l format -d 'How to print it' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand overview" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand overview" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand overview" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand overview" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand overview" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -l rule -d 'All that this rule finds' -r
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -l resource -d 'Only on resources whose ARN or name matches' -r
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -s t -l tenant -d 'Only in this tenant' -r
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -l reason -d 'Why it is acceptable' -r
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -l until -d 'The last day on which it holds, as 2026-12-31' -r
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -l owner -d 'Who answers for it' -r
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -a "list" -d 'List the suppressions: what each hides, which are expired or unused'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -a "sync" -d 'Make the suppressions of a file the ones that hold, as a scan does'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -a "remove" -d 'Take a suppression back'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and not __fish_seen_subcommand_from list sync remove help" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from list" -l format -d 'How to print them' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from list" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from list" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from list" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from list" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from sync" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from sync" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from sync" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from sync" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from sync" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from remove" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the suppressions: what each hides, which are expired or unused'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from help" -f -a "sync" -d 'Make the suppressions of a file the ones that hold, as a scan does'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Take a suppression back'
complete -c cspm -n "__fish_cspm_using_subcommand suppress; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and not __fish_seen_subcommand_from show help" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and not __fish_seen_subcommand_from show help" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and not __fish_seen_subcommand_from show help" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and not __fish_seen_subcommand_from show help" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and not __fish_seen_subcommand_from show help" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and not __fish_seen_subcommand_from show help" -f -a "show" -d 'Show what is in one: account, regions, when it was taken, resources by type, what is missing'
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and not __fish_seen_subcommand_from show help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and __fish_seen_subcommand_from show" -l format -d 'How to print it' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and __fish_seen_subcommand_from show" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and __fish_seen_subcommand_from show" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and __fish_seen_subcommand_from show" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and __fish_seen_subcommand_from show" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show what is in one: account, regions, when it was taken, resources by type, what is missing'
complete -c cspm -n "__fish_cspm_using_subcommand snapshot; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and not __fish_seen_subcommand_from list show test check new help" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and not __fish_seen_subcommand_from list show test check new help" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and not __fish_seen_subcommand_from list show test check new help" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and not __fish_seen_subcommand_from list show test check new help" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and not __fish_seen_subcommand_from list show test check new help" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and not __fish_seen_subcommand_from list show test check new help" -f -a "list" -d 'List the rules'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and not __fish_seen_subcommand_from list show test check new help" -f -a "show" -d 'Show a rule: what, why, how to fix it, what it reads'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and not __fish_seen_subcommand_from list show test check new help" -f -a "test" -d 'Run the examples of rules'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and not __fish_seen_subcommand_from list show test check new help" -f -a "check" -d 'Check rules: words, controls, examples, and whether these notice every operator and number'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and not __fish_seen_subcommand_from list show test check new help" -f -a "new" -d 'Write a rule to begin with: it passes the check'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and not __fish_seen_subcommand_from list show test check new help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from list" -l rule -d 'Only rules whose id or alias matches; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from list" -l service -d 'Only rules of this service; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from list" -l framework -d 'Only rules that look at a control of this framework' -r
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from list" -l severity -d 'Only rules of this severity or worse' -r
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from list" -l format -d 'How to print them' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from list" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from list" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from list" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from list" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from show" -l format -d 'How to print it' -r -f -a "table\t'For people'
markdown\t'For documents'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from show" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from show" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from show" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from show" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from test" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from test" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from test" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from test" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from test" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from check" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from check" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from check" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from check" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from new" -l resource -d 'What it judges, as ec2.instance' -r
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from new" -l dir -d 'The folder of rules to write to' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from new" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from new" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from new" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from new" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the rules'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a rule: what, why, how to fix it, what it reads'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "test" -d 'Run the examples of rules'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "check" -d 'Check rules: words, controls, examples, and whether these notice every operator and number'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "new" -d 'Write a rule to begin with: it passes the check'
complete -c cspm -n "__fish_cspm_using_subcommand rules; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and not __fish_seen_subcommand_from list show help" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and not __fish_seen_subcommand_from list show help" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and not __fish_seen_subcommand_from list show help" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and not __fish_seen_subcommand_from list show help" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and not __fish_seen_subcommand_from list show help" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and not __fish_seen_subcommand_from list show help" -f -a "list" -d 'List the frameworks: how many controls they have, how many have a check'
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and not __fish_seen_subcommand_from list show help" -f -a "show" -d 'Show a framework: where its list comes from, every control and its rules'
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and not __fish_seen_subcommand_from list show help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from list" -l format -d 'How to print them' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from list" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from list" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from list" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from list" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from show" -l format -d 'How to print it' -r -f -a "table\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from show" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from show" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from show" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from show" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the frameworks: how many controls they have, how many have a check'
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a framework: where its list comes from, every control and its rules'
complete -c cspm -n "__fish_cspm_using_subcommand frameworks; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and not __fish_seen_subcommand_from add list check help" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and not __fish_seen_subcommand_from add list check help" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and not __fish_seen_subcommand_from add list check help" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and not __fish_seen_subcommand_from add list check help" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and not __fish_seen_subcommand_from add list check help" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and not __fish_seen_subcommand_from add list check help" -f -a "add" -d 'Add a tenant to the tenants file, and print the trust policy for its role'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and not __fish_seen_subcommand_from add list check help" -f -a "list" -d 'List the tenants'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and not __fish_seen_subcommand_from add list check help" -f -a "check" -d 'Try to get into the accounts: credentials, role, external id, permissions'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and not __fish_seen_subcommand_from add list check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from add" -l account-id -d 'The account: twelve digits' -r
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from add" -l role-arn -d 'The role to assume in that account; without it your credentials are used as they are' -r
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from add" -l external-id -d 'What the role\'s trust policy demands [default: a new, unique one]' -r
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from add" -l scanner -d 'Who will assume the role: your account id, or the ARN of your role or user' -r
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from add" -l profile -d 'The AWS profile to start from' -r
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from add" -l region -d 'A region to scan; may be repeated [default: all enabled regions]' -r
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from add" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from add" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from add" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from add" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from add" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from list" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from list" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from list" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from list" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from check" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from check" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from check" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from check" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from help" -f -a "add" -d 'Add a tenant to the tenants file, and print the trust policy for its role'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the tenants'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from help" -f -a "check" -d 'Try to get into the accounts: credentials, role, external id, permissions'
complete -c cspm -n "__fish_cspm_using_subcommand tenants; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand permissions" -l rule -d 'Only rules whose id or alias matches; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand permissions" -l service -d 'Only rules of this service; may be repeated' -r
complete -c cspm -n "__fish_cspm_using_subcommand permissions" -l framework -d 'Only rules that look at a control of this framework' -r
complete -c cspm -n "__fish_cspm_using_subcommand permissions" -l severity -d 'Only rules of this severity or worse' -r
complete -c cspm -n "__fish_cspm_using_subcommand permissions" -l format -d 'How to print the policy' -r -f -a "json\t'An IAM policy document'
terraform\t'A Terraform policy'
cloudformation\t'A CloudFormation template'"
complete -c cspm -n "__fish_cspm_using_subcommand permissions" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand permissions" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand permissions" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand permissions" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand permissions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand policy; and not __fish_seen_subcommand_from check simulate help" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand policy; and not __fish_seen_subcommand_from check simulate help" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand policy; and not __fish_seen_subcommand_from check simulate help" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand policy; and not __fish_seen_subcommand_from check simulate help" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand policy; and not __fish_seen_subcommand_from check simulate help" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand policy; and not __fish_seen_subcommand_from check simulate help" -f -a "check" -d 'Say what a policy allows: to whom it opens, or what power it gives'
complete -c cspm -n "__fish_cspm_using_subcommand policy; and not __fish_seen_subcommand_from check simulate help" -f -a "simulate" -d 'Decide one request by a policy alone, or together with others'
complete -c cspm -n "__fish_cspm_using_subcommand policy; and not __fish_seen_subcommand_from check simulate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from check" -l kind -d 'What the policy is attached to [default: told by its elements]' -r -f -a "resource\t'A resource: a bucket, a queue, a key'
identity\t'A user, group or role'
trust\t'A role, saying who may assume it'"
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from check" -l service -d 'The service of a resource policy: s3, s3-access-point, sqs, ... [default: told by its actions and resources]' -r
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from check" -l format -d 'How to print the answer' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from check" -l account -d 'The account that the policy is in; whoever is of it is not outside' -r
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from check" -l with -d 'A policy that limits this one: boundary or scp for an identity policy, rcp for any; repeat it for more (service control policies: those of one level)' -r
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from check" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from check" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from check" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from check" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -l kind -d 'What the policy is attached to [default: told by its elements]' -r -f -a "resource\t'A resource: a bucket, a queue, a key'
identity\t'A user, group or role'
trust\t'A role, saying who may assume it'"
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -l service -d 'The service of a resource policy: s3, s3-access-point, sqs, ... [default: told by its actions and resources]' -r
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -l format -d 'How to print the answer' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -l principal -d 'Who asks: *, an account, the ARN of a user, role or session, a service, a provider' -r
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -l action -d 'For what: s3:GetObject' -r
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -l resource -d 'On what: an ARN, or * for an action that has no resource' -r
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -l context -d 'A condition key of the request; repeat it for more keys or more values' -r
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -l with -d 'A policy that decides together with this one: identity, boundary, session, scp, rcp or resource; repeat it for more (service control policies: those of one level)' -r
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from simulate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "check" -d 'Say what a policy allows: to whom it opens, or what power it gives'
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "simulate" -d 'Decide one request by a policy alone, or together with others'
complete -c cspm -n "__fish_cspm_using_subcommand policy; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand schema" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand schema" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand schema" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand schema" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand schema" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand completions" -l config -d 'The tenants file [default: ./tenants.toml, then the user\'s configuration folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand completions" -l db -d 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user\'s data folder]' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand completions" -l rules-dir -d 'A folder of rules of your own, to be judged beside the built-in ones' -r -F
complete -c cspm -n "__fish_cspm_using_subcommand completions" -l redact -d 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
complete -c cspm -n "__fish_cspm_using_subcommand completions" -s h -l help -d 'Print help'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "scan" -d 'Read accounts, judge them, and print what is wrong'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "findings" -d 'List findings, or show one'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "report" -d 'Report on the controls of a framework, from the latest scans'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "history" -d 'List the scans, or show the life of a finding'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "diff" -d 'Say what changed between two scans'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "trend" -d 'Show score and counts over time'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "overview" -d 'Show all tenants, worst first'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "suppress" -d 'Live with findings until a date'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "snapshot" -d 'Say what is in a snapshot'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "rules" -d 'List, show, check and write rules'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "frameworks" -d 'List the frameworks, or show one'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "tenants" -d 'Add, list and check the accounts to scan'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "permissions" -d 'Print the least IAM policy that a scan needs'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "policy" -d 'Say what a policy allows and to whom, or decide one request by it'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "schema" -d 'Print the JSON Schema of rule files, the tenants file or a resource'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "completions" -d 'Print a completion script'
complete -c cspm -n "__fish_cspm_using_subcommand help; and not __fish_seen_subcommand_from scan findings report history diff trend overview suppress snapshot rules frameworks tenants permissions policy schema completions help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from findings" -f -a "list" -d 'List the findings that are open, or that a scan saw'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from findings" -f -a "show" -d 'Show one finding: what was seen, why it matters, how to fix it'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "show" -d 'Show the whole life of a finding'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "merge" -d 'Take over what other history files hold, such as those of shards'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from history" -f -a "prune" -d 'Forget old scans; findings and the trail stay'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from suppress" -f -a "list" -d 'List the suppressions: what each hides, which are expired or unused'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from suppress" -f -a "sync" -d 'Make the suppressions of a file the ones that hold, as a scan does'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from suppress" -f -a "remove" -d 'Take a suppression back'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from snapshot" -f -a "show" -d 'Show what is in one: account, regions, when it was taken, resources by type, what is missing'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "list" -d 'List the rules'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "show" -d 'Show a rule: what, why, how to fix it, what it reads'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "test" -d 'Run the examples of rules'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "check" -d 'Check rules: words, controls, examples, and whether these notice every operator and number'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from rules" -f -a "new" -d 'Write a rule to begin with: it passes the check'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from frameworks" -f -a "list" -d 'List the frameworks: how many controls they have, how many have a check'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from frameworks" -f -a "show" -d 'Show a framework: where its list comes from, every control and its rules'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from tenants" -f -a "add" -d 'Add a tenant to the tenants file, and print the trust policy for its role'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from tenants" -f -a "list" -d 'List the tenants'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from tenants" -f -a "check" -d 'Try to get into the accounts: credentials, role, external id, permissions'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "check" -d 'Say what a policy allows: to whom it opens, or what power it gives'
complete -c cspm -n "__fish_cspm_using_subcommand help; and __fish_seen_subcommand_from policy" -f -a "simulate" -d 'Decide one request by a policy alone, or together with others'
