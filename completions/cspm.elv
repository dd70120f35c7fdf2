
use builtin;
use str;

set edit:completion:arg-completer[cspm] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'cspm'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'cspm'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
            cand -V 'Print version'
            cand --version 'Print version'
            cand scan 'Read accounts, judge them, and print what is wrong'
            cand findings 'List findings, or show one'
            cand report 'Report on the controls of a framework, from the latest scans'
            cand history 'List the scans, or show the life of a finding'
            cand diff 'Say what changed between two scans'
            cand trend 'Show score and counts over time'
            cand overview 'Show all tenants, worst first'
            cand suppress 'Live with findings until a date'
            cand snapshot 'Say what is in a snapshot'
            cand rules 'List, show, check and write rules'
            cand frameworks 'List the frameworks, or show one'
            cand tenants 'Add, list and check the accounts to scan'
            cand permissions 'Print the least IAM policy that a scan needs'
            cand policy 'Say what a policy allows and to whom, or decide one request by it'
            cand schema 'Print the JSON Schema of rule files, the tenants file or a resource'
            cand completions 'Print a completion script'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;scan'= {
            cand -t 'The tenant of the tenants file, or `demo`; may be repeated'
            cand --tenant 'The tenant of the tenants file, or `demo`; may be repeated'
            cand --snapshot 'Judge this snapshot in place of an account: a file, s3://BUCKET/KEY, or - for standard input'
            cand --region 'Only this region; may be repeated [default: all that are enabled]'
            cand --tenants-from 'Every account of the AWS Organization, as the credentials may list them; the account of the credentials is read with them, the others through a role'
            cand --org-role 'The name of the role to take in each account'
            cand --org-external-id 'The external id that the roles ask for; better in $CSPM_ORG_EXTERNAL_ID, which other users of the machine cannot see'
            cand --org-ou 'Only accounts in this unit or root, at any depth; may be repeated'
            cand --org-tag 'Only accounts with this tag: KEY=VALUE, or KEY for any value; if repeated, with all of them'
            cand --shard 'Only part I of N of the tenants; the parts are stable, and together all'
            cand --shards 'The same as --shard, with I from the array job that runs this ($AWS_BATCH_JOB_ARRAY_INDEX or $JOB_COMPLETION_INDEX)'
            cand --jobs 'How many tenants are scanned at once'
            cand --max-rps 'Requests a second at most, over all tenants and services'
            cand --timeout 'End after this time, such as 90s, 30m or 2h; what AWS has not answered by then is unknown'
            cand --rule 'Only rules whose id or alias matches; may be repeated'
            cand --service 'Only rules of this service; may be repeated'
            cand --framework 'Only rules that look at a control of this framework'
            cand --severity 'Only rules of this severity or worse'
            cand --fail-on 'End with 11 to 15 if anything of this severity or worse failed; `none` for never'
            cand --baseline 'Only heed failures that are not in this file'
            cand --write-baseline 'Write the failures that stand to this file, for --baseline'
            cand --suppressions 'The suppressions file [default: that of the tenants file]'
            cand --format 'How to print the result'
            cand -o 'Write the result to this file'
            cand --output 'Write the result to this file'
            cand --output-dir 'Write a file for each tenant into this folder'
            cand --save-snapshot 'Write what AWS answered to this file, to be judged later; compressed if it ends in .zst'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --all 'Every tenant of the tenants file'
            cand --resume 'Go on with the run that was interrupted last, with its options; tenants that were finished are not scanned again'
            cand --stats 'Say on standard error how often AWS was called, how often it throttled, and how long that took'
            cand --allow-unknown 'End with 0 also if something at or above --fail-on is unknown'
            cand --fail-on-new 'Only heed failures that are new or back since the last completed scan of the account; without one, all are new'
            cand --show-passed 'Show what passed, too'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;findings'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
            cand list 'List the findings that are open, or that a scan saw'
            cand show 'Show one finding: what was seen, why it matters, how to fix it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;findings;list'= {
            cand -t 'Only this tenant; may be repeated'
            cand --tenant 'Only this tenant; may be repeated'
            cand --scan 'What this scan saw, in place of what is open now'
            cand --severity 'Only findings of this severity or worse'
            cand --category 'Only of this category, like IAM or LOGGING; may be repeated'
            cand --service 'Only of this service, like iam or s3; may be repeated'
            cand --rule 'Only of rules whose id or alias matches; may be repeated'
            cand --region 'Only in this region, or `global`; may be repeated'
            cand --status 'Only with this status: open, suppressed, fixed, deleted or no_longer_visible; may be repeated [default: open and suppressed]'
            cand --control 'Only those that touch this control, like `iso27001:A.8.5`, or `A.8.5` of any framework; may be repeated'
            cand --text 'Only those with this text in title, rule or resource, whatever its case'
            cand --format 'How to print them'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --all 'Also what is fixed, deleted or no longer visible'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;findings;show'= {
            cand --format 'How to print it'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;findings;help'= {
            cand list 'List the findings that are open, or that a scan saw'
            cand show 'Show one finding: what was seen, why it matters, how to fix it'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;findings;help;list'= {
        }
        &'cspm;findings;help;show'= {
        }
        &'cspm;findings;help;help'= {
        }
        &'cspm;report'= {
            cand --framework 'The framework: an id or alias of `cspm frameworks list`'
            cand -t 'Only this tenant; may be repeated [default: all that were scanned]'
            cand --tenant 'Only this tenant; may be repeated [default: all that were scanned]'
            cand --scan 'This scan, in place of each tenant''s latest'
            cand --format 'How to print the report'
            cand -o 'Write the report to this file'
            cand --output 'Write the report to this file'
            cand --output-dir 'Write a file for each tenant into this folder'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --all 'All tenants that were scanned, as without --tenant'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;history'= {
            cand -t 'Only this tenant'
            cand --tenant 'Only this tenant'
            cand --format 'How to print them'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand show 'Show the whole life of a finding'
            cand merge 'Take over what other history files hold, such as those of shards'
            cand prune 'Forget old scans; findings and the trail stay'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;history;show'= {
            cand --format 'How to print it'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;history;merge'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cspm;history;prune'= {
            cand --keep 'Keep the newest N scans of each tenant, or those of so many days, as 90d'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cspm;history;help'= {
            cand show 'Show the whole life of a finding'
            cand merge 'Take over what other history files hold, such as those of shards'
            cand prune 'Forget old scans; findings and the trail stay'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;history;help;show'= {
        }
        &'cspm;history;help;merge'= {
        }
        &'cspm;history;help;prune'= {
        }
        &'cspm;history;help;help'= {
        }
        &'cspm;diff'= {
            cand -t 'The newest scans of this tenant'
            cand --tenant 'The newest scans of this tenant'
            cand --format 'How to print the changes'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;trend'= {
            cand -t 'Only this tenant'
            cand --tenant 'Only this tenant'
            cand --format 'How to print it'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;overview'= {
            cand --watch 'Show it again every so often, such as 30s or 5m, until interrupted'
            cand --format 'How to print it'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;suppress'= {
            cand --rule 'All that this rule finds'
            cand --resource 'Only on resources whose ARN or name matches'
            cand -t 'Only in this tenant'
            cand --tenant 'Only in this tenant'
            cand --reason 'Why it is acceptable'
            cand --until 'The last day on which it holds, as 2026-12-31'
            cand --owner 'Who answers for it'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
            cand list 'List the suppressions: what each hides, which are expired or unused'
            cand sync 'Make the suppressions of a file the ones that hold, as a scan does'
            cand remove 'Take a suppression back'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;suppress;list'= {
            cand --format 'How to print them'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;suppress;sync'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cspm;suppress;remove'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cspm;suppress;help'= {
            cand list 'List the suppressions: what each hides, which are expired or unused'
            cand sync 'Make the suppressions of a file the ones that hold, as a scan does'
            cand remove 'Take a suppression back'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;suppress;help;list'= {
        }
        &'cspm;suppress;help;sync'= {
        }
        &'cspm;suppress;help;remove'= {
        }
        &'cspm;suppress;help;help'= {
        }
        &'cspm;snapshot'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
            cand show 'Show what is in one: account, regions, when it was taken, resources by type, what is missing'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;snapshot;show'= {
            cand --format 'How to print it'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;snapshot;help'= {
            cand show 'Show what is in one: account, regions, when it was taken, resources by type, what is missing'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;snapshot;help;show'= {
        }
        &'cspm;snapshot;help;help'= {
        }
        &'cspm;rules'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
            cand list 'List the rules'
            cand show 'Show a rule: what, why, how to fix it, what it reads'
            cand test 'Run the examples of rules'
            cand check 'Check rules: words, controls, examples, and whether these notice every operator and number'
            cand new 'Write a rule to begin with: it passes the check'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;rules;list'= {
            cand --rule 'Only rules whose id or alias matches; may be repeated'
            cand --service 'Only rules of this service; may be repeated'
            cand --framework 'Only rules that look at a control of this framework'
            cand --severity 'Only rules of this severity or worse'
            cand --format 'How to print them'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;rules;show'= {
            cand --format 'How to print it'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;rules;test'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cspm;rules;check'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cspm;rules;new'= {
            cand --resource 'What it judges, as ec2.instance'
            cand --dir 'The folder of rules to write to'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cspm;rules;help'= {
            cand list 'List the rules'
            cand show 'Show a rule: what, why, how to fix it, what it reads'
            cand test 'Run the examples of rules'
            cand check 'Check rules: words, controls, examples, and whether these notice every operator and number'
            cand new 'Write a rule to begin with: it passes the check'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;rules;help;list'= {
        }
        &'cspm;rules;help;show'= {
        }
        &'cspm;rules;help;test'= {
        }
        &'cspm;rules;help;check'= {
        }
        &'cspm;rules;help;new'= {
        }
        &'cspm;rules;help;help'= {
        }
        &'cspm;frameworks'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
            cand list 'List the frameworks: how many controls they have, how many have a check'
            cand show 'Show a framework: where its list comes from, every control and its rules'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;frameworks;list'= {
            cand --format 'How to print them'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;frameworks;show'= {
            cand --format 'How to print it'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;frameworks;help'= {
            cand list 'List the frameworks: how many controls they have, how many have a check'
            cand show 'Show a framework: where its list comes from, every control and its rules'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;frameworks;help;list'= {
        }
        &'cspm;frameworks;help;show'= {
        }
        &'cspm;frameworks;help;help'= {
        }
        &'cspm;tenants'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
            cand add 'Add a tenant to the tenants file, and print the trust policy for its role'
            cand list 'List the tenants'
            cand check 'Try to get into the accounts: credentials, role, external id, permissions'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;tenants;add'= {
            cand --account-id 'The account: twelve digits'
            cand --role-arn 'The role to assume in that account; without it your credentials are used as they are'
            cand --external-id 'What the role''s trust policy demands [default: a new, unique one]'
            cand --scanner 'Who will assume the role: your account id, or the ARN of your role or user'
            cand --profile 'The AWS profile to start from'
            cand --region 'A region to scan; may be repeated [default: all enabled regions]'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cspm;tenants;list'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cspm;tenants;check'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cspm;tenants;help'= {
            cand add 'Add a tenant to the tenants file, and print the trust policy for its role'
            cand list 'List the tenants'
            cand check 'Try to get into the accounts: credentials, role, external id, permissions'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;tenants;help;add'= {
        }
        &'cspm;tenants;help;list'= {
        }
        &'cspm;tenants;help;check'= {
        }
        &'cspm;tenants;help;help'= {
        }
        &'cspm;permissions'= {
            cand --rule 'Only rules whose id or alias matches; may be repeated'
            cand --service 'Only rules of this service; may be repeated'
            cand --framework 'Only rules that look at a control of this framework'
            cand --severity 'Only rules of this severity or worse'
            cand --format 'How to print the policy'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;policy'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
            cand check 'Say what a policy allows: to whom it opens, or what power it gives'
            cand simulate 'Decide one request by a policy alone, or together with others'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;policy;check'= {
            cand --kind 'What the policy is attached to [default: told by its elements]'
            cand --service 'The service of a resource policy: s3, s3-access-point, sqs, ... [default: told by its actions and resources]'
            cand --format 'How to print the answer'
            cand --account 'The account that the policy is in; whoever is of it is not outside'
            cand --with 'A policy that limits this one: boundary or scp for an identity policy, rcp for any; repeat it for more (service control policies: those of one level)'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;policy;simulate'= {
            cand --kind 'What the policy is attached to [default: told by its elements]'
            cand --service 'The service of a resource policy: s3, s3-access-point, sqs, ... [default: told by its actions and resources]'
            cand --format 'How to print the answer'
            cand --principal 'Who asks: *, an account, the ARN of a user, role or session, a service, a provider'
            cand --action 'For what: s3:GetObject'
            cand --resource 'On what: an ARN, or * for an action that has no resource'
            cand --context 'A condition key of the request; repeat it for more keys or more values'
            cand --with 'A policy that decides together with this one: identity, boundary, session, scp, rcp or resource; repeat it for more (service control policies: those of one level)'
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'cspm;policy;help'= {
            cand check 'Say what a policy allows: to whom it opens, or what power it gives'
            cand simulate 'Decide one request by a policy alone, or together with others'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;policy;help;check'= {
        }
        &'cspm;policy;help;simulate'= {
        }
        &'cspm;policy;help;help'= {
        }
        &'cspm;schema'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cspm;completions'= {
            cand --config 'The tenants file [default: ./tenants.toml, then the user''s configuration folder]'
            cand --db 'The history file [env: CSPM_DB] [default: that of the tenants file, else in the user''s data folder]'
            cand --rules-dir 'A folder of rules of your own, to be judged beside the built-in ones'
            cand --redact 'Replace account ids, ARNs and names by keyed hashes in all that is printed'
            cand -h 'Print help'
            cand --help 'Print help'
        }
        &'cspm;help'= {
            cand scan 'Read accounts, judge them, and print what is wrong'
            cand findings 'List findings, or show one'
            cand report 'Report on the controls of a framework, from the latest scans'
            cand history 'List the scans, or show the life of a finding'
            cand diff 'Say what changed between two scans'
            cand trend 'Show score and counts over time'
            cand overview 'Show all tenants, worst first'
            cand suppress 'Live with findings until a date'
            cand snapshot 'Say what is in a snapshot'
            cand rules 'List, show, check and write rules'
            cand frameworks 'List the frameworks, or show one'
            cand tenants 'Add, list and check the accounts to scan'
            cand permissions 'Print the least IAM policy that a scan needs'
            cand policy 'Say what a policy allows and to whom, or decide one request by it'
            cand schema 'Print the JSON Schema of rule files, the tenants file or a resource'
            cand completions 'Print a completion script'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'cspm;help;scan'= {
        }
        &'cspm;help;findings'= {
            cand list 'List the findings that are open, or that a scan saw'
            cand show 'Show one finding: what was seen, why it matters, how to fix it'
        }
        &'cspm;help;findings;list'= {
        }
        &'cspm;help;findings;show'= {
        }
        &'cspm;help;report'= {
        }
        &'cspm;help;history'= {
            cand show 'Show the whole life of a finding'
            cand merge 'Take over what other history files hold, such as those of shards'
            cand prune 'Forget old scans; findings and the trail stay'
        }
        &'cspm;help;history;show'= {
        }
        &'cspm;help;history;merge'= {
        }
        &'cspm;help;history;prune'= {
        }
        &'cspm;help;diff'= {
        }
        &'cspm;help;trend'= {
        }
        &'cspm;help;overview'= {
        }
        &'cspm;help;suppress'= {
            cand list 'List the suppressions: what each hides, which are expired or unused'
            cand sync 'Make the suppressions of a file the ones that hold, as a scan does'
            cand remove 'Take a suppression back'
        }
        &'cspm;help;suppress;list'= {
        }
        &'cspm;help;suppress;sync'= {
        }
        &'cspm;help;suppress;remove'= {
        }
        &'cspm;help;snapshot'= {
            cand show 'Show what is in one: account, regions, when it was taken, resources by type, what is missing'
        }
        &'cspm;help;snapshot;show'= {
        }
        &'cspm;help;rules'= {
            cand list 'List the rules'
            cand show 'Show a rule: what, why, how to fix it, what it reads'
            cand test 'Run the examples of rules'
            cand check 'Check rules: words, controls, examples, and whether these notice every operator and number'
            cand new 'Write a rule to begin with: it passes the check'
        }
        &'cspm;help;rules;list'= {
        }
        &'cspm;help;rules;show'= {
        }
        &'cspm;help;rules;test'= {
        }
        &'cspm;help;rules;check'= {
        }
        &'cspm;help;rules;new'= {
        }
        &'cspm;help;frameworks'= {
            cand list 'List the frameworks: how many controls they have, how many have a check'
            cand show 'Show a framework: where its list comes from, every control and its rules'
        }
        &'cspm;help;frameworks;list'= {
        }
        &'cspm;help;frameworks;show'= {
        }
        &'cspm;help;tenants'= {
            cand add 'Add a tenant to the tenants file, and print the trust policy for its role'
            cand list 'List the tenants'
            cand check 'Try to get into the accounts: credentials, role, external id, permissions'
        }
        &'cspm;help;tenants;add'= {
        }
        &'cspm;help;tenants;list'= {
        }
        &'cspm;help;tenants;check'= {
        }
        &'cspm;help;permissions'= {
        }
        &'cspm;help;policy'= {
            cand check 'Say what a policy allows: to whom it opens, or what power it gives'
            cand simulate 'Decide one request by a policy alone, or together with others'
        }
        &'cspm;help;policy;check'= {
        }
        &'cspm;help;policy;simulate'= {
        }
        &'cspm;help;schema'= {
        }
        &'cspm;help;completions'= {
        }
        &'cspm;help;help'= {
        }
    ]
    $completions[$command]
}
