import Glibc
import InvCompress
import InvFormat
import InvSource
import InvSystem

/// Reads the bytes as CSV, whole and cut small: what becomes of the rows must be the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  guard let whole = try? read(text, piece: 1 << 18) else { return 0 }
  guard let cut = try? read(text, piece: 61) else { fatalError("only one of two ways fails") }
  precondition(whole.counted == cut.counted && whole.faults == cut.faults)
  precondition(whole.audit == cut.audit)
  return 0
}

private func read(_ text: [UInt8], piece: Int) throws(Failure) -> FileAccount {
  let names = "Key, IsLatest, IsDeleteMarker, Size, LastModifiedDate, StorageClass"
  let layout = try RowLayout(RowLayout.names(names), carrying: [], file: "fuzz")
  let null = Descriptor(unsafe open("/dev/null", O_WRONLY), name: "/dev/null")
  let writer = try ObjectWriter(null, schema: layout.schema, tool: "fuzz")
  let origin = Origin(bucket: [], snapshot: nil)
  var rows = RowAssembler(layout, RowChoice(), writer)
  rows.begin(source: try writer.add(ObjectSource(file: [], origin: origin)), mount: [])
  var account = FileAccount([], .upTo(.max))
  var csv = try CSVText(
    Inflow(ByteSource(name: "fuzz", bytes: text), format: .plain), piece: piece)
  try csv.read(into: &rows, fields: layout.fields, account: &account) { _ in }
  return account
}
