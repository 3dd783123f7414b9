import InvCompress
import InvSource
import InvSystem

/// Reads the bytes as every format of JSON, whole and cut small: what comes of them must be the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  for format in [SourceFormat.awsObjects, .awsVersions, .rcloneJSON, .ncdu] {
    let (whole, cut) = (read(text, format, piece: 1 << 18), read(text, format, piece: 7))
    precondition(whole.rows == cut.rows && whole.failure == cut.failure)
  }
  return 0
}

private func read(_ text: [UInt8], _ format: SourceFormat, piece: Int) -> (
  rows: [RowFound], failure: String?
) {
  var found: [RowFound] = []
  do throws(Failure) {
    var options = ReadingOptions()
    options.format = format
    var isOnlyTheFile = false
    let window = try TextWindow(
      Inflow(ByteSource(name: "fuzz", bytes: text), format: .plain), piece: piece)
    guard case .rows(let reader) = try OpenedText(window, options, name: "fuzz", &isOnlyTheFile)
    else { fatalError("JSON that is not read as rows") }
    var row = FieldRow()
    while let one = try reader.next(&row) {
      precondition(one.byte <= text.count)
      found.append(one)
    }
    return (found, nil)
  } catch { return (found, error.sentence) }
}
