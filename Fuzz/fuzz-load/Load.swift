import Glibc
import InvFormat
import InvSystem

/// Loads a text: what comes of it must be whole, or end with the failure that was reported.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
  let output = memory([])
  let codec: Codec = count % 2 == 0 ? .none : .zstd
  let loader = StreamLoader(
    memory(text), to: Descriptor(output.number, name: "stream", owned: false), codec: codec,
    tool: "fuzz")
  var isLoaded = true
  do throws(Failure) { try loader.load() } catch { isLoaded = false }
  lseek(output.number, 0, SEEK_SET)
  do throws(Failure) {
    _ = try StreamCheck(Descriptor(output.number, name: "stream", owned: false))
    precondition(isLoaded, "a text that does not load makes a whole stream")
  } catch {
    // A text may itself spell a failure.
    let isFailure = error.sentence.hasPrefix("stream ends with a failure")
    precondition(!isLoaded || isFailure, "a text loads into a broken stream")
  }
  return 0
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
