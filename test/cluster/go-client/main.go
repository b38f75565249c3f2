// The Go driver of the client matrix: connects, defines, prepares, commits, reads much, and checks an error's number.
package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"

	"github.com/go-sql-driver/mysql"
)

func check(err error) {
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}

func main() {
	db, err := sql.Open("mysql", os.Args[1])
	check(err)
	check(db.Ping())
	_, err = db.Exec("CREATE TABLE gone (id BIGINT PRIMARY KEY, name VARCHAR(20), raw VARBINARY(16))")
	check(err)
	insert, err := db.Prepare("INSERT INTO gone VALUES (?, ?, ?)")
	check(err)
	tx, err := db.Begin()
	check(err)
	for i := 0; i < 1000; i++ {
		_, err = tx.Stmt(insert).Exec(i, fmt.Sprint("n", i), []byte{0, 255, byte(i)})
		check(err)
	}
	check(tx.Commit())
	rows, err := db.Query("SELECT id, name, raw FROM gone WHERE id >= ? ORDER BY id", 10)
	check(err)
	count := 10
	for rows.Next() {
		var id int
		var name string
		var raw []byte
		check(rows.Scan(&id, &name, &raw))
		if id != count || name != fmt.Sprint("n", id) || !bytes.Equal(raw, []byte{0, 255, byte(id)}) {
			fmt.Println("wrong row", id, name, raw)
			os.Exit(1)
		}
		count++
	}
	check(rows.Err())
	if count != 1000 {
		fmt.Println("wrong count", count)
		os.Exit(1)
	}
	_, err = insert.Exec(1, "again", nil)
	if known, ok := err.(*mysql.MySQLError); !ok || known.Number != 1062 {
		fmt.Println("wrong error", err)
		os.Exit(1)
	}
	fmt.Println("fine")
}
