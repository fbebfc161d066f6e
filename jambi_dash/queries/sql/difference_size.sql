-- How large the tally has become, and how many rows the larger of the two rosters has.
SELECT
    (SELECT count(*) FROM tally) AS tally_rows,
    greatest((SELECT count(*) FROM earlier.enrolment), (SELECT count(*) FROM later.enrolment))
        AS roster_rows;
