import { PasswordInput, type PasswordInputProps } from "@mantine/core";

/**
 * A field for a password or a code. The browser's own list of passwords writes down, in plain text, the name that it thinks a password
 * belongs to, and takes the field before it: a person's name, a code. So a name that says nothing stands there.
 */
export function SecretInput(props: PasswordInputProps) {
  return (
    <>
      <input type="text" name="username" autoComplete="username" value="Sinetti" readOnly hidden />
      <PasswordInput {...props} />
    </>
  );
}
