-- Changes of the cover of one cohort in each RT of the register, by month. `place` is the RT's place
-- in the register by code, from 0; months are counted from year 0.
WITH places AS (
    SELECT kelurahan_code, rt, row_number() OVER (ORDER BY kelurahan_code, rt) - 1 AS place
    FROM rt
),
final AS (
    SELECT place, year(month) * 12 + month(month) - 1 AS month, change
    FROM cover_change
    JOIN places USING (kelurahan_code, rt)
    WHERE cohort = $cohort
)
SELECT place, month, change FROM final;
