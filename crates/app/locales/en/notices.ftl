mail-title = Mail
mail-server = Handed to { $server }
mail-how-to-set = Set mail_host, mail_from and public_url (see docs/configuration.md) and start the server again. Until then nobody can subscribe, and nothing is collected.
mail-waits-without = { COUNT($n) ->
    [one] One mail from before waits until then.
   *[other] { $n } mails from before wait until then.
  }
mail-waiting = Waiting
mail-sending = Being sent
mail-sent = Sent
mail-parked = Given up
mail-dropped = Not wanted any more
mail-none = No mail.
mail-what = What and to whom
mail-attempts = Attempts
mail-since = Written
mail-next = next attempt { $time }
mail-send-again = Send again
done-mail-again = It is sent again.
problem-notice-not-parked = Only mail that was given up can be sent again.
notice-kind-account-mail-check = Link that confirms an address
notice-kind-statistics-report = Statistics report
job-kind-statistics-reports = Reports by mail
audit-account-mail-wanted = Mail address asked for
audit-account-mail-proved = Mail address confirmed
audit-account-mail-forgotten = Mail address removed
audit-notice-sent-again = Mail sent again
audit-report-subscribed = Report subscribed
audit-report-unsubscribed = Report subscription ended
