import InvBytes
import InvFormat
import InvSystem

/// Reads the manifest of an index whose build is made right, and writes the header of the rows of such an
/// index.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var text = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  seal(&text)
  do {
    let manifest = try IndexManifest(text)
    _ = try? manifest.schema.pointCode()
    precondition(manifest.prefixes > 0 && manifest.rollups < manifest.prefixes)
    let header = try PrefixSchema(manifest.schema.header())
    precondition(header.dimensions == manifest.schema.dimensions, "a header comes back changed")
    _ = manifest.audit.balances(rows: manifest.objects)
  } catch { precondition(error.at <= text.count) }
  return 0
}

/// Sets the first build to the checksum of the text in which it is zeros.
func seal(_ text: inout [UInt8]) {
  let name = Array("\"build\": \"".utf8)
  guard let place = text.firstRange(of: name), place.upperBound + 16 <= text.count else { return }
  let digits = place.upperBound..<place.upperBound + 16
  text.replaceSubrange(digits, with: repeatElement(0x30, count: 16))
  let build = String(XXH64.hash(text.raw), radix: 16)
  text.replaceSubrange(digits, with: (String(repeating: "0", count: 16 - build.count) + build).utf8)
}
