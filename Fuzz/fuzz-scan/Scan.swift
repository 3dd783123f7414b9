import Glibc
import InvCompress
import InvFormat
import InvSource
import InvSystem

/// Reads the bytes as a scan of each format: whole, in small pieces, and in two parts, which must come to
/// the same; the first line also as a template for the others.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  var options = ReadingOptions()
  options.strips = [Array("/gpfs".utf8), Array("a".utf8)]
  for format in [SourceFormat.gpfs, .lustre, .find] {
    options.format = format
    check(text, options)
  }
  let line = text.firstIndex(of: 10) ?? text.endIndex
  options.template = Array(text[..<line])
  check(Array(text[line...].dropFirst()), options)
  options.template = Array("%s|%b|%AFT%AT|%u|%M|%p".utf8)
  check(text, options)
  return 0
}

private func check(_ text: [UInt8], _ options: ReadingOptions) {
  guard let format = format(of: text, options) else { return }
  let whole = read(text, format, piece: 1 << 18)
  precondition(read(text, format, piece: 3) == whole)
  guard let cut = text[(text.count / 2)...].firstIndex(of: format.terminator) else { return }
  let front = read(Array(text[...cut]), format, piece: 1 << 18)
  let rest = read(Array(text[(cut + 1)...]), format, piece: 1 << 18)
  precondition(front.counted + rest.counted == whole.counted)
  precondition(front.read + rest.read == whole.read)
}

private func format(of text: [UInt8], _ options: ReadingOptions) -> ScanFormat? {
  do throws(Failure) {
    var isOnlyTheFile = false
    let opened = try OpenedText(
      try window(text, piece: 1 << 18), options, name: "fuzz", &isOnlyTheFile)
    guard case .scan(let scan) = consume opened else { return nil }
    return scan.format
  } catch {
    precondition(error.status == .data || error.status == .usage)
    return nil
  }
}

private struct Counts: Equatable {
  var counted: UInt64
  var read: UInt64
  var setAside: [String: UInt64]
}

private func read(_ text: [UInt8], _ format: ScanFormat, piece: Int) -> Counts {
  var account = FileAccount([], .endless)
  do throws(Failure) {
    let null = Descriptor(unsafe open("/dev/null", O_WRONLY), name: "/dev/null")
    let writer = try ObjectWriter(null, schema: format.schema, tool: "fuzz")
    let origin = Origin(bucket: [], snapshot: nil)
    let source = try writer.add(ObjectSource(file: [], origin: origin))
    var rows = ScanRows(format, RowChoice(), writer, source: source, mount: [])
    var scan = ScanText(try window(text, piece: piece), format)
    try scan.read(into: &rows, account: &account) { _ in }
  } catch { preconditionFailure(error.sentence) }
  let audit = account.audit
  precondition(audit.balances(rows: account.counted))
  return Counts(counted: account.counted, read: account.read, setAside: audit.setAside)
}

private func window(_ text: [UInt8], piece: Int) throws(Failure) -> TextWindow {
  try TextWindow(Inflow(ByteSource(name: "fuzz", bytes: text), format: .plain), piece: piece)
}
