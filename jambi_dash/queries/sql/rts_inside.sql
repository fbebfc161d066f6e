-- The register of RTs, of one area ($area: the code of a kecamatan or kelurahan) or of all.
SELECT kelurahan_code, rt, household_count, eligible_count
FROM rt
WHERE $area = '' OR starts_with(kelurahan_code, $area)
ORDER BY kelurahan_code, rt;
