import InvCLI

command.main(cat)
