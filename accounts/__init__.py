"""Who may do what: users, dated role grants, posts in departments and counties, sign-in."""
