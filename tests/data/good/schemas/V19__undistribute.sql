SELECT citus_schema_undistribute('intranet');
