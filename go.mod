module github.com/handletrace/handletrace

go 1.25.0
