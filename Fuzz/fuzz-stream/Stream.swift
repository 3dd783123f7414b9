import Glibc
import InvBytes
import InvFormat
import InvSystem

/// Reads a stream of any kind: what `StreamCheck` finds whole must print, as text and as JSON, and
/// the text must either not load or load into a stream that is whole and prints the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  // A broken checksum is found at once; what lies behind a right one is what there is to find.
  seal(&bytes)
  let isWhole = check(bytes)
  let text = printed(bytes, .text)
  let json = printed(bytes, .json)
  if isWhole {
    precondition(text != nil && json != nil, "a whole stream does not print")
    if let text, let again = loaded(text) {
      precondition(check(again), "a text loads into a broken stream")
      precondition(printed(again, .text) == text, "a text comes back changed")
    }
  }
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

func check(_ bytes: [UInt8]) -> Bool {
  do throws(Failure) { _ = try StreamCheck(memory(bytes)) } catch { return false }
  return true
}

/// The text of a stream; nil when it broke off.
func printed(_ bytes: [UInt8], _ format: StreamPrinter.Format) -> [UInt8]? {
  let output = memory([])
  let number = output.number
  let printer = StreamPrinter(
    TextOutput(Descriptor(number, name: "text", owned: false)), format: format, rowsOnly: false)
  do throws(Failure) { try printer.show(memory(bytes)) } catch { return nil }
  return contents(of: output)
}

func loaded(_ text: [UInt8]) -> [UInt8]? {
  let output = memory([])
  let borrowed = Descriptor(output.number, name: "stream", owned: false)
  let loader = StreamLoader(memory(text), to: borrowed, codec: .none, tool: "fuzz")
  do throws(Failure) { try loader.load() } catch { return nil }
  return contents(of: output)
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

func contents(of file: borrowing Descriptor) -> [UInt8] {
  let count = Int(lseek(file.number, 0, SEEK_END))
  var bytes = [UInt8](repeating: 0, count: count)
  let read = unsafe pread(file.number, &bytes, count, 0)
  precondition(read == count)
  return bytes
}
