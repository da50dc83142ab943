/** The sign of a kind of application: its shape says as much as its colour. */

import {
  Briefcase,
  CircleEllipsis,
  Clapperboard,
  Cloud,
  CodeXml,
  Cpu,
  Database,
  FolderDown,
  Gamepad2,
  Globe,
  Landmark,
  type LucideIcon,
  Mail,
  Megaphone,
  MessageCircle,
  Music,
  Network,
  Newspaper,
  RefreshCw,
  Search,
  Share2,
  Shield,
  ShoppingCart,
  Users,
  Video,
} from "lucide-react";
import { type Category, categoryColor, categoryOf } from "../lib/categories";

const ICONS: Record<Category, LucideIcon> = {
  Video: Clapperboard,
  Music,
  "Video Call": Video,
  Messaging: MessageCircle,
  "Social Media": Users,
  Gaming: Gamepad2,
  Work: Briefcase,
  Cloud,
  CDN: Share2,
  Web: Globe,
  Search,
  Mail,
  News: Newspaper,
  Shopping: ShoppingCart,
  Finance: Landmark,
  Developer: CodeXml,
  "Security/VPN": Shield,
  "Ads/Analytics": Megaphone,
  "System/Updates": RefreshCw,
  IoT: Cpu,
  "File Sharing": FolderDown,
  Database,
  Network,
  Other: CircleEllipsis,
};

interface Props {
  category: string | null;
  /** Its name stands beside it, so that nothing needs to say it again. */
  named?: boolean;
}

export function CategoryMark({ category, named = false }: Props) {
  const Icon = ICONS[categoryOf(category)];
  const saying =
    named || category === null ? { "aria-hidden": true } : { role: "img", "aria-label": category };
  return (
    <span title={named ? undefined : (category ?? undefined)} className="inline-flex shrink-0">
      <Icon size={14} strokeWidth={2} color={categoryColor(category)} {...saying} />
    </span>
  );
}
