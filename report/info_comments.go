package report

import (
	"github.com/handletrace/handletrace/minidump"
)

// InfoComment is a text that the writer was given.
type InfoComment struct {
	Stream string `json:"stream"`
	Text   string `json:"text"`
}

var commentsSection = many[InfoComment]{
	infoPlace: shows("comments", "Comments", minidump.CommentStreamA, minidump.CommentStreamW),
	read: func(f *minidump.File) (rows[InfoComment], error) {
		var list []InfoComment
		a, errA := f.CommentA()
		if errA == nil {
			list = append(list, InfoComment{minidump.CommentStreamA.String(), a})
		}
		w, errW := f.CommentW()
		if errW == nil {
			list = append(list, InfoComment{minidump.CommentStreamW.String(), w})
		}
		return rowsOf(list), present(errA, errW)
	},
	set: func(i *Info, list []InfoComment) { i.Comments = list },
	write: func(t *infoText, r rows[InfoComment]) {
		for c := range r.all {
			t.sub(c.Stream, func() { t.block(c.Text) })
		}
	},
}
