package dwarfsym

// form is how the value of an attribute is stored, DW_FORM_*.
type form uint16

const (
	formAddr          form = 0x01
	formBlock2        form = 0x03
	formBlock4        form = 0x04
	formData2         form = 0x05
	formData4         form = 0x06
	formData8         form = 0x07
	formString        form = 0x08
	formBlock         form = 0x09
	formBlock1        form = 0x0a
	formData1         form = 0x0b
	formFlag          form = 0x0c
	formSdata         form = 0x0d
	formStrp          form = 0x0e
	formUdata         form = 0x0f
	formRefAddr       form = 0x10
	formRef1          form = 0x11
	formRef2          form = 0x12
	formRef4          form = 0x13
	formRef8          form = 0x14
	formRefUdata      form = 0x15
	formIndirect      form = 0x16
	formSecOffset     form = 0x17
	formExprloc       form = 0x18
	formFlagPresent   form = 0x19
	formStrx          form = 0x1a
	formAddrx         form = 0x1b
	formRefSup4       form = 0x1c
	formStrpSup       form = 0x1d
	formData16        form = 0x1e
	formLineStrp      form = 0x1f
	formRefSig8       form = 0x20
	formImplicitConst form = 0x21
	formLoclistx      form = 0x22
	formRnglistx      form = 0x23
	formRefSup8       form = 0x24
	formStrx1         form = 0x25
	formStrx2         form = 0x26
	formStrx3         form = 0x27
	formStrx4         form = 0x28
	formAddrx1        form = 0x29
	formAddrx2        form = 0x2a
	formAddrx3        form = 0x2b
	formAddrx4        form = 0x2c
	formGNUAddrIndex  form = 0x1f01
	formGNUStrIndex   form = 0x1f02
	formGNURefAlt     form = 0x1f20
	formGNUStrpAlt    form = 0x1f21
)

// encoding says how to read a form.
type encoding uint8

const (
	encUnknown encoding = iota
	encFixed            // as many bytes as the table says
	encAddress          // an address of the unit
	encOffset           // an offset of the unit
	encUleb
	encSleb
	encString
	encBlock    // a length of as many bytes as the table says, and the bytes
	encUlebSize // the same with a LEB128 length
	encNothing
	encIndirect // the form stands before the value
	encRefAddr  // an offset; an address in DWARF 2
)

type formEncoding struct {
	enc  encoding
	size uint8
}

var formEncodings = map[form]formEncoding{
	formAddr: {encAddress, 0}, formBlock2: {encBlock, 2}, formBlock4: {encBlock, 4},
	formData2: {encFixed, 2}, formData4: {encFixed, 4}, formData8: {encFixed, 8},
	formString: {encString, 0}, formBlock: {encUlebSize, 0}, formBlock1: {encBlock, 1},
	formData1: {encFixed, 1}, formFlag: {encFixed, 1}, formSdata: {encSleb, 0},
	formStrp: {encOffset, 0}, formUdata: {encUleb, 0}, formRefAddr: {encRefAddr, 0},
	formRef1: {encFixed, 1}, formRef2: {encFixed, 2}, formRef4: {encFixed, 4}, formRef8: {encFixed, 8},
	formRefUdata: {encUleb, 0}, formIndirect: {encIndirect, 0}, formSecOffset: {encOffset, 0},
	formExprloc: {encUlebSize, 0}, formFlagPresent: {encNothing, 0}, formStrx: {encUleb, 0},
	formAddrx: {encUleb, 0}, formRefSup4: {encFixed, 4}, formStrpSup: {encOffset, 0},
	formData16: {encFixed, 16}, formLineStrp: {encOffset, 0}, formRefSig8: {encFixed, 8},
	formImplicitConst: {encNothing, 0}, formLoclistx: {encUleb, 0}, formRnglistx: {encUleb, 0},
	formRefSup8: {encFixed, 8}, formStrx1: {encFixed, 1}, formStrx2: {encFixed, 2},
	formStrx3: {encFixed, 3}, formStrx4: {encFixed, 4}, formAddrx1: {encFixed, 1},
	formAddrx2: {encFixed, 2}, formAddrx3: {encFixed, 3}, formAddrx4: {encFixed, 4},
	formGNUAddrIndex: {encUleb, 0}, formGNUStrIndex: {encUleb, 0},
	formGNURefAlt: {encOffset, 0}, formGNUStrpAlt: {encOffset, 0},
}

// value is a value as it is stored: a number, an offset or an index. Of a
// string in place it is the offset in .debug_info (or .debug_line).
type value struct {
	form form
	n    uint64
}

// shape is what the size of values depends on.
type shape struct {
	version     uint16
	offsetSize  uint8
	addressSize uint8
}

// read reads a value. base is the place of r's first byte in its section. Of
// blocks, which are of no use here, it keeps nothing.
func (s shape) read(r *reader, f form, enc formEncoding, base uint64) value {
	v := value{form: f}
	switch enc.enc {
	case encFixed:
		if enc.size > 8 {
			r.skip(uint64(enc.size))
		} else {
			v.n = r.uint(int(enc.size))
		}
	case encAddress:
		v.n = r.uint(int(s.addressSize))
	case encOffset:
		v.n = r.uint(int(s.offsetSize))
	case encRefAddr:
		size := s.offsetSize
		if s.version == 2 {
			size = s.addressSize
		}
		v.n = r.uint(int(size))
	case encUleb:
		v.n = r.uleb()
	case encSleb:
		v.n = uint64(r.sleb())
	case encString:
		v.n = base + uint64(r.off)
		r.skipString()
	case encBlock:
		r.skip(r.uint(int(enc.size)))
	case encUlebSize:
		r.skip(r.uleb())
	case encIndirect:
		// A form that is indirect again would be a loop.
		if next := form(r.uleb()); next != formIndirect && next != formImplicitConst {
			return s.read(r, next, formEncodings[next], base)
		}
		r.bad = true
	case encUnknown:
		r.bad = true
	}
	return v
}
