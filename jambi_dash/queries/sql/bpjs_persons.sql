-- Persons of the rosters and of the list of BPJS, each once, at the month of the data.
SELECT standing, state, people FROM bpjs_person ORDER BY ALL;
