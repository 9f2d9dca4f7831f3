package minidump

// CommentA returns the text of stream 10, in UTF-8; the file has it in UTF-8
// or the code page of the writer's machine.
func (f *File) CommentA() (string, error) {
	d, err := f.streamData(CommentStreamA)
	if err != nil {
		return "", err
	}
	return d.UTF8(), nil
}

// CommentW returns the text of stream 11, which the file has in UTF-16.
func (f *File) CommentW() (string, error) {
	d, err := f.streamData(CommentStreamW)
	if err != nil {
		return "", err
	}
	return d.UTF16(), nil
}
