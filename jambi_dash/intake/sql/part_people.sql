-- Whom a partial roster names, and whom of the current release it leaves in place: everybody outside
-- the part who is not in the roster. A person decided to be another is that other one here too.
CREATE OR REPLACE TABLE part_person AS
SELECT
    coalesce(merged_person, person_key(person_text, $inner_pad, $outer_pad)) AS person,
    cohort
FROM peserta_fate
WHERE rejection IS NULL;

CREATE OR REPLACE VIEW part_outside AS
SELECT enrolment.* REPLACE (coalesce(merged.kept, enrolment.person) AS person)
FROM earlier.enrolment AS enrolment
LEFT JOIN merged_key AS merged ON merged.other = enrolment.person
WHERE enrolment.kelurahan_code IS NULL
    OR enrolment.kelurahan_code NOT IN (SELECT code FROM part_area);

-- Who stood elsewhere and now stands in the part's roster.
CREATE OR REPLACE VIEW part_moved AS
SELECT * FROM part_outside SEMI JOIN part_person USING (person, cohort);

CREATE OR REPLACE VIEW kept_enrolment AS
SELECT * FROM part_outside ANTI JOIN part_person USING (person, cohort)
QUALIFY row_number() OVER (PARTITION BY person, cohort ORDER BY start_month, kelurahan_code) = 1;
