import InvCLI

command.main(merge)
