import Glibc
import InvBytes
import InvFormat
import InvSystem

/// Reads the footer and the block index of a file from its end, then the blocks that they name.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  seal(&bytes)
  do throws(Failure) {
    let stream = try RowStream(memory(bytes))
    let reader = try PrefixReader(stream, wanting: "fuzz")
    guard let ending = try reader.ending() else { return 0 }
    precondition(ending.length == UInt64(count))
    for entry in ending.index.entries.prefix(4) {
      _ = ending.index.entry(for: entry.key)
      reader.seek(to: entry.offset)
      guard case .block(let block)? = try reader.next() else { continue }
      var rows: PrefixRows
      do throws(FormatError) {
        rows = try PrefixRows(reader.schema)
        try rows.begin(block)
        while try rows.next() {}
      } catch { continue }
    }
  } catch {}
  return 0
}

/// Makes the checksums and the place of the footer right, as far as there are frames.
func seal(_ bytes: inout [UInt8]) {
  guard bytes.count >= 32 else { return }
  let length = Int(bytes.raw.u32(at: 12))
  guard length <= bytes.count - 32 else { return }
  let checksum = XXH64.hash(bytes.raw.extracting(32..<32 + length))
  bytes.put(checksum, at: 16)
  var at = 32 + length
  while at + 24 <= bytes.count {
    let end = at + 24 + Int(bytes.raw.u32(at: at + 16))
    guard end <= bytes.count else { return }
    if bytes[at + 8] == FrameType.end.rawValue, end - at >= 40 {
      bytes.put(UInt64(at), at: end - 8)
    }
    let checksum = XXH64.hash(bytes.raw.extracting(at + 8..<end))
    bytes.put(checksum, at: at)
    at = end
  }
}

/// A file in memory, without a name, that holds `bytes`.
func memory(_ bytes: [UInt8]) -> Descriptor {
  var path = Array("/dev/shm/inv-fuzz-XXXXXX".utf8CString)
  let number = unsafe mkstemp(&path)
  let written = unsafe write(number, bytes, bytes.count)
  precondition(written == bytes.count)
  unsafe _ = unlink(path)
  lseek(number, 0, SEEK_SET)
  return Descriptor(number, name: "memory")
}
