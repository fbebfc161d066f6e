-- The register of RTs.
SELECT kelurahan_code, rt, household_count, eligible_count, pilot, lat, lon
FROM rt
ORDER BY kelurahan_code, rt;
