-- Rows of people who were decided to be one: one person's number, one hash.
INSERT INTO merged_row
WITH concerned AS (
    SELECT other AS person FROM merged_key
    UNION
    SELECT kept FROM merged_key
),
keyed AS (
    SELECT seq, person_no, person_key(person_text, $inner_pad, $outer_pad) AS person
    FROM peserta_person
),
hits AS (
    SELECT keyed.seq, keyed.person_no, coalesce(merged.kept, keyed.person) AS person
    FROM keyed
    JOIN concerned ON concerned.person = keyed.person
    LEFT JOIN merged_key AS merged ON merged.other = keyed.person
)
SELECT seq, min(person_no) OVER (PARTITION BY person), person
FROM hits;
