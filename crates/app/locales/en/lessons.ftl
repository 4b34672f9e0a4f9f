field-title = Title
field-lecturer = Lecturer
field-lecturer-kind = Who speaks
field-topic = Topic
field-form = Form
field-held-on = Held on
field-audience = Audience
field-abstract = Abstract
field-script = Script
field-chapters = Chapters
field-at-ms = Moment

problem-organisation-closed = This organisation is closed and takes no new lessons.
problem-stale = This was changed after you read it. Read it again, then repeat your change.

rule-day = “{ $found }” is not a day; write it like { $wanted }
rule-too-many = are { $found }; at most { $wanted } are allowed
rule-chapters-rise = must begin at 0 or later, each after the one before
