import InvBytes
import InvFormat
import InvSystem
import Testing

@testable import InvSource

@Suite struct ScanTemplateTests {
  /// A template and why it is none.
  static let bad = [
    ("", "no %p or %P, the path, at its end"),
    ("%s", "no %p or %P, the path, at its end"),
    ("%p %s", "%p or %P, the path, must come last"),
    ("%p\\n%s", "%p or %P, the path, must come last"),
    ("%s %p x", "%p or %P, the path, must come last"),
    ("%p%P", "%p or %P, the path, must come last"),
    ("%s%b %p", "two fields have nothing between them"),
    ("%s%p", "two fields have nothing between them"),
    ("%s %s %p", "two fields for the same, the size"),
    ("%b %k %p", "two fields for the same, the allocated"),
    ("%U %u %p", "two fields for the same, the owner"),
    ("%A@ %A+ %p", "two fields for the same, the accessed"),
    ("%i %LF %p", "two fields for the same, the file"),
    ("%s\\n%b %p", "the end of a record stands before that of the template"),
    ("%s\\0%b %p\\0", "the end of a record stands before that of the template"),
    ("%AF\n%AT %p", "the end of a record stands before that of the template"),
    ("%f %p", "%f is not known; %* passes over what it stands for"),
    ("%a %p", "%a is not known; %* passes over what it stands for"),
    ("%L", "%L is not known; %* passes over what it stands for"),
    ("%Lx %p", "%Lx is not known; %* passes over what it stands for"),
    ("%{name} %p", "%{name} is not known; %* passes over what it stands for"),
    ("%{gen", "%{gen is not known; %* passes over what it stands for"),
    ("%p %", "% is not known; %* passes over what it stands for"),
    ("%Ax %p", "%Ax is not known; %* passes over what it stands for"),
    ("%CY %p", "%CY is not known; %* passes over what it stands for"),
    ("%AF %p", "a date such as %AF, one byte and no time such as %AT"),
    ("%AF  %AT %p", "a date such as %AF, one byte and no time such as %AT"),
    ("%AF %TT %p", "a date such as %AF, one byte and no time such as %AT"),
    ("%AT %p", "%AT is not known; %* passes over what it stands for"),
    ("\\x%p", "a \\ that is none of \\0, \\n, \\t and \\\\"),
    ("%p\\", "a \\ that is none of \\0, \\n, \\t and \\\\"),
  ]

  @Test(arguments: bad)
  func saysWhatIsWrong(text: String, why: String) {
    let failure = #expect(throws: Failure.self) { _ = try ScanTemplate(Array(text.utf8)) }
    #expect(failure?.sentence == "--template: \(why)")
    #expect(failure?.status == .usage)
  }

  @Test(arguments: [("%p", 10), ("%p\\n", 10), ("%p\\0", 0), ("%s\\n%P\\0", 0)])
  func knowsTheEndOfARecord(text: String, end: UInt8) throws {
    #expect(try ScanTemplate(Array(text.utf8)).terminator == end)
  }

  /// A template, a record, and what it says; nil where it does not fit.
  static let records: [(String, String, String?)] = [
    ("%p", "a b", "a b"),
    ("%s %p", "12 a", "size 12, a"),
    ("%s %p", "12  a", "size 12,  a"),
    ("%s %p", " 12 a", nil),
    ("%s %p", "12", nil),
    ("%s %p", "", nil),
    ("%s %p", "-1 a", nil),
    ("%s %p", "18446744073709551615 a", "size 18446744073709551615, a"),
    ("%s %p", "18446744073709551616 a", nil),
    ("%s %p", "000000000000000000000000000000000000001 a", "size 1, a"),
    ("%s\t%p", "12345678\ta", "size 12345678, a"),
    ("%%%s%% %p", "%123456789% a", "size 123456789, a"),
    ("%k:%p", "18014398509481983:a", "allocated 18446744073709550592, a"),
    ("%k:%p", "18014398509481984:a", nil),
    ("%b:%p", "3:a", "allocated 1536, a"),
    ("%U %G %p", "4294967295 007 a", "owner 4294967295, group 7, a"),
    ("%U %G %p", "4294967296 1 a", nil),
    ("%U %G %p", "alice 1 a", nil),
    ("%u %g %p", "alice staff a", "owner alice, group staff, a"),
    ("%u %g %p", "12 1x a", "owner 12, group 1x, a"),
    ("%u %g %p", " 1 a", nil),
    ("%y %p", "d a", "directory, a"),
    ("%y %p", "dd a", nil),
    ("%y %p", "? a", nil),
    ("%M %p", "drwxr-xr-x+ a", "directory, a"),
    ("%M %p", "-rw-r--r-- a", "a"),
    ("%M %p", "lrwxrwxrwx a", "symlink, a"),
    ("%M %p", "srwxrwxrwx a", "special, a"),
    ("%M %p", "xrwxrwxrwx a", nil),
    ("%m %p", "755 a", "a"),
    ("%n %p", "3 a", "links 3, a"),
    ("%i %D %p", "7 65024 a", "file 7/65024, a"),
    ("%i %{gen} %{snap} %p", "7 5 2 a", "file 7/8589934597, a"),
    ("%i %{gen} %p", "7 4294967296 a", nil),
    ("%LF %p", "0x28001ff98:0xE66b:0x1 a", "file 253347235889153/10737549208, a"),
    ("%LF %p", "0x28001ff98:0x100000000:0x0 a", nil),
    ("%LF %p", "0x10000000000000000:0x1:0x0 a", nil),
    ("%LF %p", "28001ff98:0xe66b:0x0 a", nil),
    ("%LF %p", "0x:0xe66b:0x0 a", nil),
    ("%LP %p", "3 a", "project 3, a"),
    ("%A@ %T@ %p", "0 -1.5000000000 a", "accessed 0, modified -1, a"),
    ("%A@ %p", "1708547123.9 a", "accessed 1708547123, a"),
    ("%A@ %p", "1708547123. a", nil),
    ("%A@ %p", "- a", nil),
    ("%A@ %p", "253402300799 a", "accessed 253402300799, a"),
    ("%A@ %p", "253402300800 a", nil),
    ("%A@ %p", "-62135596801 a", nil),
    ("%A@ %p", "99999999999999999999999 a", nil),
    ("%A+ %p", "1970-01-02+00:00:00.0000000000 a", "accessed 86400, a"),
    ("%TF %TT %p", "1969-12-31 23:59:59 a", "modified -1, a"),
    ("%TFT%TT %p", "2000-02-29T00:00:60 a", "modified 951782459, a"),
    ("%TF %TT %p", "2001-02-29 00:00:00 a", nil),
    ("%TF %TT %p", "2001-02-28 24:00:00 a", nil),
    ("%TF %TT %p", "2001-02-28T00:00:00 a", nil),
    ("%TF %TT %p", "2001-02-28 0", nil),
    ("%C@ %B+ %CF %CT %p", "x y z u a", "a"),
    ("%* -- %p", "x -- y -- a", "y -- a"),
    ("%*--%p", "---a", "-a"),
    ("%*<end-of-line> %p", "x<end-of-lime> y<end-of-line> a", "a"),
    ("<%*> %s %p", "<0> 1 a", "size 1, a"),
    ("<%*> %s %p", "(0> 1 a", nil),
    ("size is %s bytes; path: %p", "size is 1 bytes; path: a", "size 1, a"),
    ("%s bytes; path: %p", "1 bytes; past: a", nil),
    ("%s bytes; path: %p", "1 bytes; pat", nil),
  ]

  @Test(arguments: records)
  func takesARecordApart(template: String, record: String, what: String?) throws {
    let template = try ScanTemplate(Array(template.utf8))
    #expect(said(by: record, template) == what)
  }

  /// No field may go on in the record behind it.
  @Test(arguments: records)
  func staysInTheRecord(template: String, record: String, what: String?) throws {
    let template = try ScanTemplate(Array(template.utf8))
    for count in 0..<record.utf8.count {
      let front = String(decoding: record.utf8.prefix(count), as: UTF8.self)
      let end = Array(record.utf8.dropFirst(count))
      #expect(
        said(by: front, template) == said(by: front, template, before: end), "\(front)|\(record)")
    }
  }

  private func said(by record: String, _ template: ScanTemplate, before next: [UInt8] = [])
    -> String?
  {
    var row = ScanRow()
    let bytes =
      Array(record.utf8) + [template.terminator] + next + [UInt8](repeating: 0, count: 64)
    let end = record.utf8.count
    let path = template.walk(bytes.raw, 0, end, &row, .utc)
    guard path >= 0, path <= end else { return path < 0 ? nil : "past the end" }
    return row.text(bytes, template.roles) + String(decoding: bytes[path..<end], as: UTF8.self)
  }
}

extension ScanRow {
  fileprivate func text(_ bytes: [UInt8], _ roles: ScanRoles) -> String {
    func spelling(_ id: ScanID) -> String {
      String(decoding: ScanIDs.spelling(id, bytes.raw), as: UTF8.self)
    }
    var parts: [String] = []
    if kind != .object { parts.append(kind.name) }
    if roles.has(.size) { parts.append("size \(size)") }
    if roles.has(.allocated) { parts.append("allocated \(allocated)") }
    if roles.has(.owner) { parts.append("owner \(spelling(owner))") }
    if roles.has(.group) { parts.append("group \(spelling(group))") }
    if roles.has(.project) { parts.append("project \(spelling(project))") }
    if roles.has(.links) { parts.append("links \(links)") }
    if roles.has(.file) { parts.append("file \(file)/\(fileHigh)") }
    if roles.has(.accessed) { parts.append("accessed \(accessed)") }
    if roles.has(.modified) { parts.append("modified \(modified)") }
    return parts.map { $0 + ", " }.joined()
  }
}
