field-held-at = Began at
field-venue-kind = Kind of venue
field-people = Head count
field-place = Place
field-plan = Plan
field-lecturer-id = Lecturer in the register
field-operation = Operation
field-items = Chosen sessions
field-month = Month

problem-operation-reused = This operation was used for another save already. Begin a new one.
problem-changed-meanwhile = Somebody else changed this held session since you opened it. Compare, then save again.
problem-session-void = This held session was voided; it cannot be changed any more.
problem-session-decided = This held session does not wait for a decision any more.
problem-organisation-closed-for-sessions = This organisation is closed and records no more held sessions.

rule-lies-ahead = is { $found }, which has not come yet: only what was held is recorded
rule-too-early = is { $found }; nothing before the year 2000 is recorded
rule-not-there = “{ $found }” is not there, or is taken
rule-fixed = is fixed once it is recorded
rule-operation = “{ $found }” is not { $wanted } letters, digits and hyphens
rule-month-closed = is needed: { $wanted } is closed, and the change will be shown as an adjustment
problem-month-closed-already = This month is closed already.
rule-month = “{ $found }” is not a month; write it like { $wanted }
rule-not-over = is { $found }, which is not over yet
