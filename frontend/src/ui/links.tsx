/** Mantine's looks on the router's links, so that every way through the app is a real link with an address. */
import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import { forwardRef, type AnchorHTMLAttributes } from "react";

type Rest<Props> = Props & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props>;

const PlainAnchor = forwardRef<HTMLAnchorElement, Rest<AnchorProps>>(function PlainAnchor(props, ref) {
  return <Anchor ref={ref} {...props} />;
});
const PlainButton = forwardRef<HTMLAnchorElement, Rest<ButtonProps>>(function PlainButton(props, ref) {
  return <Button component="a" ref={ref} {...props} />;
});

export const LinkTo = createLink(PlainAnchor);
export const ButtonTo = createLink(PlainButton);
