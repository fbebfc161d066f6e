-- People paid for in months for which the list of BPJS says that they were no members.
SELECT cohort, kelurahan_code, month, people FROM bpjs_idle_month ORDER BY ALL;
