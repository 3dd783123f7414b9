import Glibc
import InvCompress
import InvFormat
import InvSource
import InvSystem

/// Reads the bytes as whatever they show themselves to be, and by the formats that must be named.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  var options = ReadingOptions()
  read(text, options)
  options.format = .awsLs
  read(text, options)
  (options.format, options.columns) = (.rcloneLsf, "pst")
  read(text, options)
  (options.format, options.columns) = (.delimited, "key=1,size=2,modified=3,owner=4")
  for (delimiter, hasNoQuotes) in [(UInt8(0x3b), true), (0x2c, false)] {
    (options.delimiter, options.hasNoQuotes) = (delimiter, hasNoQuotes)
    read(text, options)
  }
  return 0
}

private func read(_ text: [UInt8], _ options: ReadingOptions) {
  var account = FileAccount([], .upTo(.max))
  do throws(Failure) {
    var isOnlyTheFile = false
    let window = try TextWindow(Inflow(ByteSource(name: "fuzz", bytes: text), format: .plain))
    let opened = try OpenedText(window, options, name: "fuzz", &isOnlyTheFile)
    switch consume opened {
    case .empty: break
    case .delimited(var text, let layout):
      var rows = try assembler(layout)
      try text.read(into: &rows, fields: layout.fields, account: &account) { _ in }
    case .rows(let reader):
      var rows = try assembler(reader.layout)
      try readRows(of: reader, into: &rows, account: &account) { _ in }
    // fuzz-scan reads those.
    case .scan: break
    }
  } catch { precondition(error.status == .data || error.status == .usage) }
  precondition(account.audit.balances(rows: account.counted))
}

private func assembler(_ layout: RowLayout) throws(Failure) -> RowAssembler {
  let null = Descriptor(unsafe open("/dev/null", O_WRONLY), name: "/dev/null")
  let writer = try ObjectWriter(null, schema: layout.schema, tool: "fuzz")
  var rows = RowAssembler(layout, RowChoice(), writer)
  let origin = Origin(bucket: [], snapshot: nil)
  rows.begin(source: try writer.add(ObjectSource(file: [], origin: origin)), mount: [])
  return rows
}
