report-kicker = Statistics report
report-title-day = Daily report, { $period }
report-title-month = Monthly report, { $period }
report-title-quarter = Quarterly report, { $period }
report-title-year = Annual report, { $period }
report-title-all = Report, { $period }
report-title-custom = Report, { $period }
report-quarter = Q{ $quarter } { $year }
report-year = { $year }
report-days = { $days }
report-tree = Tree: { $tree }
report-made = Made { $time }
report-before = Changes against the period before: { $days }
report-level = unchanged
report-points = { $n } pts
report-chart = { $metric } by month
report-silent = organisations have held none
report-more = and { $n } more; the full list is on the page “Not yet active”
report-counting = How days are counted
report-page = Page { $n } of { $of }
report-line = { $name }: { $number } ({ $trend })
report-by-mail = Reports by mail
report-by-mail-help = On the first of the month or quarter, at about six in the morning, the report of the one before goes to { $address }.
report-needs-mail = Reports go to a confirmed mail address, and your account has none.
report-set-mail = Set a mail address
report-every-month = Every month
report-every-quarter = Every quarter
report-format-pdf = PDF
report-format-xlsx = .xlsx
report-subscribed = subscribed
report-subscribe = Subscribe
report-change = Change
report-end = Unsubscribe
report-goes-to = Sent to { $address }
report-no-right = You do not see these statistics any more, so nothing is sent.
reports-none = No subscriptions
reports-none-text = Choose an organisation on the statistics page and open “Reports by mail”.
reports-when = Reports are made on the first of a month or quarter. Whoever may not see an organisation's statistics on that day gets none.
done-report-ended = The subscription ended.
problem-mail-unproved = Your account has no confirmed mail address. Set one on the page of your account.
problem-too-many-subscriptions = You have { $most } already: end a subscription first.
unsubscribe-title = Unsubscribe
unsubscribe-done = You are unsubscribed: this report is not sent to you any more.
report-mail-text =
    Hello { $name },

    { $headline }

    { $figures }

    The report is attached, or to be had on the page:
    { $page }

    Your subscriptions: { $own }
    End this one at once: { $unsubscribe }
