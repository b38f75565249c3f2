// The Go driver of the client matrix: connects, defines, prepares, commits, reads much, and checks an error's number.
package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"time"

	"github.com/go-sql-driver/mysql"
)

func check(err error) {
	if err != nil {
		fmt.Println("failed:", err)
		os.Exit(1)
	}
}

func refused(err error, number uint16) {
	if known, ok := err.(*mysql.MySQLError); !ok || known.Number != number {
		fmt.Println("wrong error", err, "instead of", number)
		os.Exit(1)
	}
}

// Values in the binary form (with arguments) and in the text form (without).
func types(db *sql.DB) {
	_, err := db.Exec("CREATE TABLE gotypes (id INT PRIMARY KEY, big BIGINT UNSIGNED, p DECIMAL(20,4), f DOUBLE, at DATETIME(6), day DATE, gap VARCHAR(5))")
	check(err)
	at := time.Date(2024, 2, 29, 12, 34, 56, 123456000, time.UTC)
	_, err = db.Exec("INSERT INTO gotypes VALUES (?, ?, ?, ?, ?, ?, ?)", 1, uint64(18446744073709551615), "1234567890123456.7890", 2.25, at, at, nil)
	check(err)
	for _, arguments := range [][]interface{}{{1}, {}} {
		query := "SELECT big, p, f, at, day, gap FROM gotypes WHERE id = "
		if len(arguments) == 0 {
			query += "1"
		} else {
			query += "?"
		}
		var big uint64
		var p string
		var f float64
		var read, day time.Time
		var gap sql.NullString
		check(db.QueryRow(query, arguments...).Scan(&big, &p, &f, &read, &day, &gap))
		if big != 18446744073709551615 || p != "1234567890123456.7890" || f != 2.25 || !read.Equal(at) || day.Format("2006-01-02") != "2024-02-29" || gap.Valid {
			fmt.Println("wrong values", big, p, f, read, day, gap)
			os.Exit(1)
		}
	}
}

// What is rolled back was seen inside only.
func rollBack(db *sql.DB) {
	tx, err := db.Begin()
	check(err)
	deleted, err := tx.Exec("DELETE FROM gone WHERE id < ?", 500)
	check(err)
	if count, err := deleted.RowsAffected(); err != nil || count != 500 {
		fmt.Println("wrong count of deleted rows", count, err)
		os.Exit(1)
	}
	var inside, after int
	check(tx.QueryRow("SELECT COUNT(*) FROM gone").Scan(&inside))
	check(tx.Rollback())
	check(db.QueryRow("SELECT COUNT(*) FROM gone").Scan(&after))
	if inside != 500 || after != 1000 {
		fmt.Println("wrong counts around a rollback", inside, after)
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
	refused(err, 1062)
	_, err = db.Exec("SELEC 1")
	refused(err, 1064)
	_, err = db.Exec("SELECT * FROM missing")
	refused(err, 1146)
	rollBack(db)
	types(db)

	big := 0
	rows, err = db.Query("SELECT id, pad FROM big WHERE id >= ?", 0)
	check(err)
	for rows.Next() {
		var id int
		var pad string
		check(rows.Scan(&id, &pad))
		if len(pad) == 100 {
			big++
		}
	}
	check(rows.Err())
	if big != 100000 {
		fmt.Println("wrong count of a big result", big)
		os.Exit(1)
	}
	fmt.Println("fine")
}
