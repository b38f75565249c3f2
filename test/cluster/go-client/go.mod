module rutile-go-client

go 1.13

require github.com/go-sql-driver/mysql v1.6.0
