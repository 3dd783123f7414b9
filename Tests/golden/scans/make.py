#!/usr/bin/env python3
"""Writes the scans beside this file: names are bytes, so an editor may spoil them."""
import os
import sys

folder = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))


def write(name, records, end=b"\n"):
    with open(os.path.join(folder, name), "wb") as file:
        for record in records:
            file.write(record if isinstance(record, bytes) else record.encode())
            file.write(end)


def stamps(accessed="2025-06-01 10:00:00", modified="2025-01-15 10:00:00"):
    return f"ac={accessed} mt={modified} cr={modified}"


folder_mode, file_mode = "p=drwxr-xr-x", "p=-rw-r--r--"
g = "/gpfs/test"
write("gpfs.log", [
    "[I] GPFS Test Data",
    "",
    f"<0> 3 1 0 s=4096 a=0 u=0 g=0 m=DAu {folder_mode} {stamps()} nl=5 -- {g}",
    f"<0> 101 1 0 s=0 a=8 u=1000 g=1000 m=FAu {folder_mode} {stamps()} nl=2 -- {g}/user1",
    # Inline: a content of up to 4096 bytes that takes no block.
    f"<1> 102 65537 0 s=4096 a=0 u=1000 g=1000 m=FAu {file_mode} {stamps()} nl=1 -- {g}/user1/inline",
    f"<1> 103 1 2 s=4097 a=0 u=1000 g=1000 m=FAu {file_mode} {stamps()} nl=1 -- {g}/user1/sparse",
    f"<1> 104 1 0 s=0 a=0 u=1000 g=1000 m=FAu {file_mode} {stamps()} nl=1 -- {g}/user1/empty",
    f"<1> 105 1 0 s=8796093022208 a=16 u=1000 g=1000 m=FAu {file_mode} {stamps()} nl=1 -- {g}/user1/hole",
    # Nobody, and an id with zeros in front.
    f"<2> 106 1 0 s=1 a=1 u=4294967294 g=4294967295 m=FAu {file_mode} {stamps()} nl=1 -- {g}/user1/nobody",
    f"<2> 107 1 0 s=1 a=1 u=0001000 g=01000 m=FAu {file_mode} {stamps()} nl=1 -- {g}/user1/zeros",
    f"<2> 108 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- {g}/user1/a -- b",
    f"<2> 109 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- {g}/ -- s=9 u=9 -- /x",
    f"<2> 110 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- {g}/n".encode() + b"\xff\xe9me",
    f"<2> 111 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- {g}/tab\there ",
    f"<2> 112 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- {g}/carriage\r",
    f"<3> 113 1 0 s=2 a=1 u=1 g=1 m=FAu {file_mode} {stamps('1970-01-01 00:00:00', '1969-12-31 23:59:59')} nl=1 -- {g}/old",
    f"<3> 114 1 0 s=2 a=1 u=1 g=1 m=FAu {file_mode} {stamps('2099-12-31 00:00:00', '9999-12-31 23:59:59')} nl=1 -- {g}/future",
    # Names of one file, a symbolic link, specials.
    f"<3> 115 1 0 s=3 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=2 -- {g}/z",
    f"<3> 115 1 0 s=3 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=2 -- {g}/y",
    f"<3> 116 1 0 s=7 a=0 u=1 g=1 m=LAu p=lrwxrwxrwx {stamps()} nl=1 -- {g}/link",
    f"<3> 117 1 0 s=0 a=0 u=1 g=1 m=OAu p=prw-r--r-- {stamps()} nl=1 -- {g}/pipe",
    f"<3> 118 1 0 s=0 a=0 u=1 g=1 m=OAu p=srwxr-xr-x+ {stamps()} nl=1 -- {g}/socket",
    # Below directories that were not listed; a directory twice.
    f"<3> 119 1 0 s=4 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- {g}/not/listed/x",
    f"<0> 101 1 0 s=0 a=8 u=1000 g=1000 m=FAu {folder_mode} {stamps()} nl=2 -- {g}/user1",
    # Another order, other blanks, other words; no number of a node.
    f"121   1 0  nl=1 {file_mode} xx=1 y=a b u=2  g=2 ac=2025-06-01 10:00:00 zz= s=5 mt=2025-01-15 10:00:00 a=1 -- {g}/other order",
    "[E] Error on gpfs_iopen([/gpfs/test/gone],0): Stale file handle (116).",
    "[W] 1 warning",
])

write("gpfs-bad.log", [
    f"<0> 1 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/good",
    f"<0> 1 1 0 s=1 a=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/no owner",
    f"<0> 1 1 0 s=1 a=1 u=1 g=1 m=FAu {stamps()} nl=1 -- /g/no mode",
    f"<0> 1 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} mt=2025-01-15 10:00:00 nl=1 -- /g/no time",
    f"<0> 1 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} -- /g/no links",
    f"<0> 1 1 0 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/no size",
    f"<0> 1 1 0 s=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/no allocated size",
    f"<0> 1 1 0 s=1 s=2 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/two sizes",
    f"<0> 1 1 0 s=-1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/size below 0",
    f"<0> 1 1 0 s=1 a=1K u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/unit",
    f"<0> 1 1 0 s=1 a=18014398509481984 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/over",
    f"<0> 1 1 0 s=1 a=1 u=4294967296 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/33 bits",
    f"<0> 1 1 0 s=1 a=1 u=1 g=-2 m=FAu {file_mode} {stamps()} nl=1 -- /g/group below 0",
    f"<0> 1 1 0 s=1 a=1 u=1 g=1 m=FAu p=?rw-r--r-- {stamps()} nl=1 -- /g/mode",
    f"<0> 1 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps('2025-02-29 00:00:00')} nl=1 -- /g/no day",
    f"<0> 1 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=x -- /g/links",
    f"<0> x 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/inode",
    f"<0> 1 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1",
    f"<0> 1 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- ",
    f"<0> 1 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /",
    f"<0> 1 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/nul\0",
    "<0> 1 1 0 -- /g/nothing",
    # The rest of a name that had a newline in it.
    "and so on",
    f"<0> 2 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/last",
])
with open(os.path.join(folder, "gpfs-bad.log"), "ab") as file:
    file.write(f"<0> 3 1 0 s=1 a=1 u=1 g=1 m=FAu {file_mode} {stamps()} nl=1 -- /g/cut".encode())

write("escaped.log", [
    f"7 1 0 s=1 a=1 u=1 g=1 {file_mode} -- /g/a%0Ab%20c+d%25",
    f"8 1 0 s=1 a=1 u=1 g=1 {file_mode} -- /g/50%",
])

fid = "0x28001ff98:0xe66b:0x0"
write("lustre.lfs-scan", [
    "# lfs find --lazy --printf",
    f"{fid} s=51 b=8 u=16093 g=4801 p=1 type=f perm=0755 a=1708547123 m=1670625642 c=1708547123 -- /lustre/path/file.txt",
    "0x200000007:0x1:0x0 s=4096 b=8 u=0 g=0 p=0 type=d perm=0755 a=0 m=-86400 c=0 -- /lustre",
    "0x28001ff98:0xE66C:0x1 s=159249346561 b=311033880 u=4294967294 g=4801 p=4294967295 type=f perm=0600 a=4102444800 m=1670625642.5 c=0 -- /lustre/path/ -- a=b",
    "0x28001ff98:0xe66d:0x0 s=3 b=0 u=16093 g=4801 p=1 type=l perm=0777 a=1 m=1 c=1 -- /lustre/path/link",
    "0x28001ff98:0xe66e:0x0 s=0 b=0 u=16093 g=4801 p=1 type=p perm=0777 a=1 m=1 c=1 -- /lustre/path/pipe",
    "0x28001ff98:0xe66f:0x0 type=f c=1 m=1 a=1 p=1 g=1 u=1 b=1 s=100 -- /lustre/path/order",
])


def found(kind, inode, links, owner, size, blocks, path, accessed="1748772000.5000000000",
          modified="1736935200.0000000000"):
    return (f"{kind} {inode} 65024 {links} {owner} {owner} {size} {blocks} {accessed} {modified} ").encode() + path


write("find.scan", [
    found("d", 2, 4, 0, 4096, 8, b"/srv"),
    found("d", 3, 2, 1000, 4096, 8, b"/srv/two\nlines"),
    found("f", 4, 1, 1000, 10, 8, b"/srv/two\nlines/\xff -- %41"),
    found("f", 5, 2, 4294967294, 1 << 40, 16, b"/srv/sparse", "-1.0000000000", "-2.5000000000"),
    found("f", 5, 2, 4294967294, 1 << 40, 16, b"/srv/again", "0.0000000000", "4102444800.0000000000"),
    found("l", 6, 1, 1000, 11, 0, b"/srv/link"),
    found("s", 7, 1, 1000, 0, 0, b"/srv/socket"),
    found("f", 8, 1, 1000, 1, 8, b"/srv/not listed/x"),
    found("d", 9, 2, 1000, 4096, 8, b"/srv/slash/"),
    found("f", 10, 1, 1000, 1, 0, b"relative/./path"),
    found("f", 11, 1, 1000, 1, 0, b"/srvx"),
], b"\0")

write("site.txt", [
    "# size|blocks|access|owner|mode|path",
    "10|1|2025-06-01T10:00:00|alice|-rw-r--r--|/site/a|b",
    "4096|8|2025-06-01T10:00:00|0|drwxr-xr-x|/site",
    "7|0|1969-12-31T23:59:59.99|bob.smith|lrwxrwxrwx|/site/link",
])
