UPDATE customers SET display_name = split_part(email::text, '@', 1) WHERE display_name IS NULL;
