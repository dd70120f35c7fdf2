-- Times are whole microseconds since 1970-01-01T00:00:00Z. `seq` numbers are
-- local to the file: they never leave it. Ids (uuid v7) and fingerprints do.

CREATE TABLE origin (                  -- the files that wrote events: this one, and merged ones
  seq        INTEGER PRIMARY KEY,
  id         TEXT    NOT NULL UNIQUE,  -- uuid
  here       INTEGER NOT NULL CHECK (here IN (0, 1)), -- 1: this file
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX origin_here ON origin (here) WHERE here = 1;

CREATE TABLE account (                 -- AWS accounts that were scanned
  seq       INTEGER PRIMARY KEY,
  partition TEXT NOT NULL,             -- aws, aws-us-gov, aws-cn
  account   TEXT NOT NULL,             -- twelve digits
  UNIQUE (partition, account)
) STRICT;

CREATE TABLE run (                     -- one command
  seq         INTEGER PRIMARY KEY,
  id          TEXT    NOT NULL UNIQUE, -- uuid v7
  origin      INTEGER NOT NULL REFERENCES origin,
  version     TEXT    NOT NULL,        -- of cspm
  request     TEXT    NOT NULL,        -- JSON: what was asked for; a resumed run reads it
  started_at  INTEGER NOT NULL,
  finished_at INTEGER                  -- null: running, or it never finished
) STRICT;

CREATE TABLE scan (                    -- one tenant within a run
  seq          INTEGER PRIMARY KEY,
  id           TEXT    NOT NULL UNIQUE, -- uuid v7
  run          INTEGER NOT NULL REFERENCES run,
  account      INTEGER NOT NULL REFERENCES account,
  tenant       TEXT    NOT NULL,
  caller       TEXT,                   -- ARN that read the account; null if no session was had
  source       TEXT    NOT NULL,       -- aws, or the snapshot that was judged
  version      TEXT    NOT NULL,       -- of cspm
  rules        INTEGER NOT NULL,       -- how many rules judged
  rules_digest TEXT    NOT NULL,
  scope        TEXT    NOT NULL,       -- JSON: regions asked, skipped, refused; filters; overrides
  listed       TEXT,                   -- JSON: {type: [regions]} listed to the end; null while running
  observed_at  INTEGER NOT NULL,       -- the moment of the inventory
  started_at   INTEGER NOT NULL,
  finished_at  INTEGER,                -- null: running, or the process ended without a word
  status       TEXT    NOT NULL CHECK (status IN ('running', 'completed', 'partial', 'failed')),
  reason       TEXT,                   -- why it is partial or failed
  api_calls    INTEGER NOT NULL,
  summary      TEXT                    -- JSON: counts, score, coverage; null while running
) STRICT;
CREATE INDEX scan_by_account ON scan (account, started_at, id);
CREATE INDEX scan_running ON scan (status) WHERE status = 'running';

CREATE TABLE rule (                    -- versions of rules that judged
  seq       INTEGER PRIMARY KEY,
  uid       TEXT    NOT NULL,          -- the id under which it first shipped
  id        TEXT    NOT NULL,          -- its id then
  digest    TEXT    NOT NULL,          -- of its document
  cause     TEXT    NOT NULL,          -- '' if none
  resources TEXT    NOT NULL,          -- JSON: the types it judges
  UNIQUE (uid, digest, id)
) STRICT;

CREATE TABLE scan_rule (               -- the rules that judged in a scan
  scan     INTEGER NOT NULL REFERENCES scan ON DELETE CASCADE,
  rule     INTEGER NOT NULL REFERENCES rule,
  severity INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 5), -- 1 info ... 5 critical, overrides applied
  PRIMARY KEY (scan, rule)
) STRICT, WITHOUT ROWID;

CREATE TABLE resource (                -- things that were judged
  seq     INTEGER PRIMARY KEY,
  account INTEGER NOT NULL REFERENCES account,
  arn     TEXT    NOT NULL,
  type    TEXT    NOT NULL,            -- iam.user
  region  TEXT    NOT NULL,            -- or global
  name    TEXT    NOT NULL,            -- what people call it
  UNIQUE (account, arn, type, region, name)
) STRICT;

CREATE TABLE part (                    -- sub-keys: parts of resources that were judged one by one
  seq INTEGER PRIMARY KEY,             -- from 1; 0 stands for the whole resource
  key TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE finding (                 -- fails, unknowns and errors over time
  seq         INTEGER PRIMARY KEY,
  fingerprint TEXT    NOT NULL UNIQUE,
  account     INTEGER NOT NULL REFERENCES account,
  rule_uid    TEXT    NOT NULL,
  key         TEXT    NOT NULL,        -- the sub-key; '' if none
  span        INTEGER NOT NULL REFERENCES finding_span DEFERRABLE INITIALLY DEFERRED, -- the newest
  status      TEXT    NOT NULL CHECK (status IN ('open', 'fixed', 'deleted', 'no_longer_visible')),
  reason      TEXT,                    -- why it is gone
  first_seen  INTEGER NOT NULL,        -- start of the first scan that saw it; outlives that scan
  last_seen   INTEGER NOT NULL,        -- start of the last scan that saw it
  last_scan   INTEGER REFERENCES scan ON DELETE SET NULL, -- that scan
  tenant      TEXT    NOT NULL,        -- its tenant
  observed_at INTEGER NOT NULL         -- the moment of its inventory
) STRICT;
CREATE INDEX finding_by_status ON finding (account, status);

CREATE TABLE finding_span (            -- what a finding said, as long as it said the same
  seq        INTEGER PRIMARY KEY,
  finding    INTEGER NOT NULL REFERENCES finding ON DELETE CASCADE,
  resource   INTEGER NOT NULL REFERENCES resource,
  rule       INTEGER NOT NULL REFERENCES rule,  -- the version of the rule that said it first
  from_scan  INTEGER REFERENCES scan ON DELETE SET NULL,
  from_time  INTEGER NOT NULL,         -- start of that scan
  to_scan    INTEGER REFERENCES scan ON DELETE SET NULL, -- the last scan that saw it so; null: the newest
  to_time    INTEGER,
  began      TEXT    NOT NULL CHECK (began IN ('new', 'changed', 'reopened', 'visible_again')),
  verdict    TEXT    NOT NULL CHECK (verdict IN ('fail', 'unknown', 'error')),
  severity   INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 5),
  title      TEXT    NOT NULL,
  evidence   TEXT    NOT NULL,         -- JSON object
  gaps       TEXT    NOT NULL,         -- JSON: numbers of gaps that decided an unknown
  error      TEXT                      -- what is wrong with the rule
) STRICT;
CREATE INDEX finding_span_by_finding ON finding_span (finding);

CREATE TABLE finding_gone (            -- when and why a finding was gone, each time; written on change only
  seq     INTEGER PRIMARY KEY,
  finding INTEGER NOT NULL REFERENCES finding ON DELETE CASCADE,
  scan    INTEGER REFERENCES scan ON DELETE SET NULL, -- the scan that found out
  time    INTEGER NOT NULL,            -- start of that scan
  status  TEXT    NOT NULL CHECK (status IN ('fixed', 'deleted', 'no_longer_visible')),
  reason  TEXT    NOT NULL
) STRICT;
CREATE INDEX finding_gone_by_finding ON finding_gone (finding);

CREATE TABLE judged (                  -- what each rule said in a scan, packed
  seq     INTEGER PRIMARY KEY,
  scan    INTEGER NOT NULL REFERENCES scan ON DELETE CASCADE,
  rule    INTEGER NOT NULL REFERENCES rule,
  outcome TEXT    NOT NULL CHECK (outcome IN ('pass', 'not_applicable', 'finding')),
  refs    BLOB    NOT NULL             -- see packed.rs; pass, not_applicable: resource and part; finding: span
) STRICT;
CREATE INDEX judged_by_scan ON judged (scan, rule, outcome);

CREATE TABLE result (                  -- how often a rule said what, where
  scan    INTEGER NOT NULL REFERENCES scan ON DELETE CASCADE,
  rule    INTEGER NOT NULL REFERENCES rule,
  region  TEXT    NOT NULL,
  outcome TEXT    NOT NULL CHECK (outcome IN ('pass', 'fail', 'unknown', 'error', 'not_applicable')),
  count   INTEGER NOT NULL,
  PRIMARY KEY (scan, rule, region, outcome)
) STRICT, WITHOUT ROWID;

CREATE TABLE gap (                     -- calls that got no answer
  seq        INTEGER PRIMARY KEY,
  operation  TEXT NOT NULL,            -- service:Operation
  iam_action TEXT NOT NULL,
  region     TEXT NOT NULL,
  resource   TEXT NOT NULL,            -- ARN; '' if it was about none
  class      TEXT NOT NULL,
  code       TEXT NOT NULL,            -- '' if the service sent none
  UNIQUE (operation, iam_action, region, resource, class, code)
) STRICT;

CREATE TABLE scan_gap (                -- the gaps of a scan
  scan    INTEGER NOT NULL REFERENCES scan ON DELETE CASCADE,
  gap     INTEGER NOT NULL REFERENCES gap,
  message TEXT    NOT NULL,            -- differs from call to call
  PRIMARY KEY (scan, gap)
) STRICT, WITHOUT ROWID;

CREATE TABLE suppression (             -- findings to live with until a date; never deleted
  id          TEXT    PRIMARY KEY,     -- uuid v7
  fingerprint TEXT,                    -- one finding, or
  rule_uid    TEXT,                    -- what a rule finds
  resource    TEXT,                    -- only on resources whose ARN or name matches this glob
  tenant      TEXT,                    -- only in this tenant
  reason      TEXT    NOT NULL,
  until       TEXT    NOT NULL,        -- the last day, YYYY-MM-DD in UTC
  owner       TEXT,
  file        TEXT,                    -- the file it was written in; null: by the command
  created_at  INTEGER NOT NULL,
  created_by  TEXT    NOT NULL,
  removed_at  INTEGER,
  removed_by  TEXT,
  CHECK ((fingerprint IS NULL) <> (rule_uid IS NULL)),
  CHECK (resource IS NULL OR rule_uid IS NOT NULL)
) STRICT;

CREATE TABLE event (                   -- the trail: append only, one chain of hashes per origin
  origin   INTEGER NOT NULL REFERENCES origin,
  number   INTEGER NOT NULL,           -- from 1, without holes
  at       INTEGER NOT NULL,
  actor    TEXT    NOT NULL,           -- who: an ARN, or a user of the machine
  kind     TEXT    NOT NULL,
  data     TEXT    NOT NULL,           -- JSON object
  previous TEXT    NOT NULL,           -- hash of the event before; '' for the first
  hash     TEXT    NOT NULL,           -- see event.rs
  PRIMARY KEY (origin, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
CREATE TRIGGER event_is_not_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END;
