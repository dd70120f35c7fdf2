-- Each new span is looked up in the findings, because they refer to it: without
-- an index that reads all of them each time.
CREATE INDEX finding_by_span ON finding (span);
