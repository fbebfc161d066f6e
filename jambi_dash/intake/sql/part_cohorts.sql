-- People may be in one cohort inside the part and in another one outside.
CREATE OR REPLACE TABLE in_several AS
SELECT person FROM release.enrolment GROUP BY person HAVING count(*) > 1;

UPDATE release.enrolment
SET in_other_cohort = NOT in_other_cohort
WHERE in_other_cohort <> (person IN (SELECT person FROM in_several));
