-- Persons with a known last month as members, each once.
SELECT cohort, kelurahan_code, evidence, last_month, people FROM lapse ORDER BY ALL;
