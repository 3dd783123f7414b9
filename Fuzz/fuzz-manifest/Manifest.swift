import InvBytes
import InvSource

/// Reads a manifest, and asks for the keys of all files it lists.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  do {
    let manifest = try Manifest(parsing: text)
    for file in manifest.files {
      precondition(manifest.storedKeys(of: file.key).first == file.key)
    }
  } catch { precondition(error.at <= text.count) }
  return 0
}
