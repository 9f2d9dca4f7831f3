package report

import "unicode/utf8"

// column is a column of a table of T.
type column[T any] struct {
	title string
	cell  func(*T) string
	right bool // numbers stand at the right
	whole bool // whether long cells are shown whole
}

func text[T any](title string, cell func(*T) string) column[T] {
	return column[T]{title: title, cell: cell}
}

func number[T any](title string, cell func(*T) string) column[T] {
	return column[T]{title: title, cell: cell, right: true}
}

// value is a column of texts that are no names.
func value[T any](title string, cell func(*T) string) column[T] {
	return column[T]{title: title, cell: cell, whole: true}
}

// shown returns a cell as it is written.
func (c *column[T]) shown(v *T) string {
	if c.whole {
		return Plain(c.cell(v))
	}
	return Plain(elide(c.cell(v)))
}

const (
	// tableAhead is how many rows decide how wide the columns are. The rows
	// behind them are written at once.
	tableAhead = 256
	// maxCell is how wide a column may become. What is longer is written
	// whole and pushes the rest of its row aside.
	maxCell = 48
)

// table writes rows in columns. Columns that are empty in the rows that decide
// the widths are left out. Below each row stand the lines that detail, which
// may be nil, returns for it.
func table[T any](t *infoText, r rows[T], columns []column[T], detail func(*T) []string) {
	t.flush()
	w := tableWriter[T]{t: t, columns: columns, detail: detail, left: t.most}
	limit := t.limit(r.n)
	n := 0
	for v := range r.all {
		if n == limit || w.left < 0 {
			break
		}
		n++
		w.add(&v)
	}
	w.settle()
	if w.left < 0 {
		t.line("the rows below repeat what others show, and more of it than the file holds; they are left out")
	}
	t.more(r.n - n)
}

type tableWriter[T any] struct {
	t       *infoText
	columns []column[T]
	detail  func(*T) []string
	ahead   []tableRow
	widths  []int // nil until they are settled; 0 is a column that is left out
	left    int64 // bytes that may still be written
}

type tableRow struct {
	cells  []string
	detail []string
}

func (w *tableWriter[T]) add(v *T) {
	row := tableRow{cells: make([]string, len(w.columns))}
	for i, c := range w.columns {
		row.cells[i] = c.shown(v)
		w.left -= int64(len(row.cells[i]))
	}
	if w.detail != nil {
		row.detail = w.detail(v)
		for _, d := range row.detail {
			w.left -= int64(len(d))
		}
	}
	if w.widths != nil {
		w.write(row)
		return
	}
	if w.ahead = append(w.ahead, row); len(w.ahead) == tableAhead {
		w.settle()
	}
}

// settle decides the widths and writes the rows that waited.
func (w *tableWriter[T]) settle() {
	if w.widths != nil || len(w.ahead) == 0 {
		return
	}
	w.widths = make([]int, len(w.columns))
	titles := tableRow{cells: make([]string, len(w.columns))}
	for i, c := range w.columns {
		titles.cells[i] = c.title
		for _, row := range w.ahead {
			if n := utf8.RuneCountInString(row.cells[i]); n > 0 {
				w.widths[i] = max(w.widths[i], min(n, maxCell), len(c.title))
			}
		}
	}
	w.write(titles)
	for _, row := range w.ahead {
		w.write(row)
	}
	w.ahead = nil
}

func (w *tableWriter[T]) write(row tableRow) {
	line := w.t.margin
	gap := ""
	for i, c := range w.columns {
		if w.widths[i] == 0 {
			continue
		}
		cell := row.cells[i]
		pad := blanks(w.widths[i] - utf8.RuneCountInString(cell))
		switch {
		case cell == "":
			gap += pad + "  "
		case c.right:
			line += gap + pad + cell
			gap = "  "
		default:
			line += gap + cell
			gap = pad + "  "
		}
	}
	w.t.w.WriteString(line + "\n")
	for _, d := range row.detail {
		w.t.w.WriteString(w.t.margin + "    " + Plain(d) + "\n")
	}
}
