-- Rows of the rosters at the month of the data, and what the list of BPJS says of their people.
SELECT cohort, kelurahan_code, standing, state, people
FROM bpjs_match
ORDER BY ALL;
