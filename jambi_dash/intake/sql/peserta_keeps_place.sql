-- Rows turned away for their age alone, whose person is already in the current release.
CREATE OR REPLACE TABLE keeps_place AS
SELECT DISTINCT candidates.seq
FROM peserta_person AS candidates
JOIN earlier.enrolment AS enrolment
    ON enrolment.person = coalesce(
        candidates.merged_person, person_key(candidates.person_text, $inner_pad, $outer_pad)
    )
WHERE candidates.rejection = 'usia_65';
